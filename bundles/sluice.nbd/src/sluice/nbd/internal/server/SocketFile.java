package sluice.nbd.internal.server;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.io.NettyLoop;
import sluice.nbd.internal.Addresses;

/**
 * The file of a Unix socket. Netty removes whatever has the name before it binds, be it a file of a person's or a socket
 * that another program serves; so it is looked at first.
 */
final class SocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);

  private SocketFile() {}

  /** On the loop: says why the name cannot be had; null if it can, or if the address is no Unix socket's. */
  static void check(NettyLoop loop, SocketAddress address, Consumer<String> why) {
    String path = Addresses.path(address);
    if (path == null || !Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
      why.accept(null);
    } else if (!isSocket(Path.of(path))) {
      why.accept("there is a file of that name that is no socket");
    } else {
      ChannelHandlerAdapter nothing = new ChannelInboundHandlerAdapter();
      new Bootstrap().group(loop.eventLoop()).channel(loop.domainChannel()).handler(nothing).connect(address).addListener(f -> {
        ((ChannelFuture) f).channel().close();
        // Refused: its program was killed and left it behind.
        why.accept(f.cause() instanceof ConnectException ? null : "another program listens on it");
      });
    }
  }

  private static boolean isSocket(Path path) {
    try {
      return Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther();
    } catch (IOException e) {
      return false;
    }
  }

  /** Does nothing for other addresses than Unix sockets. */
  static void delete(SocketAddress address) {
    String path = Addresses.path(address);
    if (path == null) return;
    try {
      Files.deleteIfExists(Path.of(path));
    } catch (IOException e) {
      LOG.warn("the socket's file {} cannot be removed: {}", path, e.toString());
    }
  }
}
