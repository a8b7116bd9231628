package sluice.nbd.internal;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;

/**
 * What connections are called. Unix sockets' addresses come as the JDK's or as Netty's; Netty's channels take only their
 * own.
 */
public final class Addresses {
  private Addresses() {}

  public static SocketAddress forNetty(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress unix ? new DomainSocketAddress(unix.getPath().toString()) : address;
  }

  /** Of a Unix socket; null for other addresses. */
  public static String path(SocketAddress address) {
    return address instanceof DomainSocketAddress unix ? unix.path() : null;
  }

  /** What went wrong with a connection, for people: not all exceptions say it. */
  public static String reason(Throwable cause) {
    if (cause instanceof ClosedChannelException) return "the other side closed the connection";
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /** For people. */
  public static String text(SocketAddress address) {
    String path = path(address);
    if (path != null) return path;
    String text = String.valueOf(address).replace("/<unresolved>", "");
    return text.startsWith("/") ? text.substring(1) : text;
  }
}
