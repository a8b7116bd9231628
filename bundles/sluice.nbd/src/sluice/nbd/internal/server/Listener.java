package sluice.nbd.internal.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.security.UnprovenPeers;
import sluice.io.NettyLoop;
import sluice.nbd.Connection;
import sluice.nbd.Export;
import sluice.nbd.ExportDirectory;
import sluice.nbd.ServerOptions;
import sluice.nbd.internal.Addresses;
import sluice.nbd.internal.Sockets;

/** Accepts connections and knows them; the engine of {@link sluice.nbd.NbdServer}. State is the loop's. */
public final class Listener {
  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final int MAX_OUTBOUND = 1 << 30;

  private final NettyLoop loop;
  private final ServerOptions options;
  private final ExportDirectory exports;
  private final UnprovenPeers unproven;
  private final StrangerLog strangers;
  private final Set<ServerConnection> connections = new LinkedHashSet<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private Channel channel;
  private volatile SocketAddress address;
  private boolean closing;

  private Listener(NettyLoop loop, ServerOptions options, ExportDirectory exports) {
    this.loop = loop;
    this.options = options;
    this.exports = exports;
    unproven = new UnprovenPeers(options.maxUnproven());
    strangers = new StrangerLog(loop, () -> Addresses.text(address));
  }

  public static CompletionStage<Listener> bind(
      NettyLoop loop, SocketAddress address, ServerOptions options, ExportDirectory exports) {
    CompletableFuture<Listener> bound = new CompletableFuture<>();
    Listener listener = new Listener(loop, options, exports);
    SocketAddress wanted = Addresses.forNetty(address);
    loop.execute(() -> SocketFile.check(loop, wanted, why -> {
      if (why == null) listener.bind(wanted, bound);
      else bound.completeExceptionally(cannotListen(wanted, why, null));
    }));
    return bound;
  }

  private void bind(SocketAddress wanted, CompletableFuture<Listener> bound) {
    boolean unix = Addresses.path(wanted) != null;
    int high = (int) Math.min(options.maxPayloadBytes() + (1 << 20), MAX_OUTBOUND);
    ServerBootstrap bootstrap = new ServerBootstrap()
        .group(loop.eventLoop())
        .channel(unix ? loop.domainServerChannel() : loop.tcpServerChannel())
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(high / 2, high))
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel child) {
            accepted(child);
          }
        });
    Sockets.set(Sockets.options(loop), bootstrap::childOption);
    if (!unix) {
      bootstrap.option(ChannelOption.SO_REUSEADDR, true);
      bootstrap.childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true);
    }
    bootstrap.bind(wanted).addListener(f -> {
      if (f.isSuccess()) {
        channel = ((ChannelFuture) f).channel();
        address = unix ? wanted : channel.localAddress();
        LOG.info("NBD server listens on {}{}", Addresses.text(address), options.tls() == null ? "" : " with TLS");
        bound.complete(this);
      } else {
        bound.completeExceptionally(cannotListen(wanted, Addresses.reason(f.cause()), f.cause()));
      }
    });
  }

  private static SluiceException cannotListen(SocketAddress address, String why, Throwable cause) {
    String text = Addresses.text(address);
    return new SluiceException(cause, ErrorCode.CONFLICT, "cannot listen on " + text, why,
        "choose an address that is free and that this program may use", List.of(text));
  }

  private void accepted(Channel child) {
    if (closing || connections.size() >= options.maxConnections()) {
      if (!closing) strangers.tell("there are " + connections.size() + " connections already");
      child.close();
      return;
    }
    Runnable proven = enter(child);
    if (proven == null) {
      strangers.tell("too many have not proven who they are, in all or from " + child.remoteAddress());
      child.close();
      return;
    }
    ServerConnection connection = new ServerConnection(loop, child, proven);
    connections.add(connection);
    child.closeFuture().addListener(f -> {
      proven.run();
      connection.done().thenRun(() -> connections.remove(connection));
    });
    child.pipeline().addLast("negotiation",
        new Negotiation(connection, options, exports, strangers, (name, export, structured, contexts) ->
            open(connection, name, export, structured, contexts)));
  }

  /** To be run when it is proven, and when it is gone; null if there is no room for one that is not. */
  private Runnable enter(Channel child) {
    if (options.tls() == null) return () -> { };
    InetAddress source = ((InetSocketAddress) child.remoteAddress()).getAddress();
    if (!unproven.enter(source)) return null;
    boolean[] left = {false};
    return () -> {
      if (!left[0]) unproven.leave(source);
      left[0] = true;
    };
  }

  private Transmission open(ServerConnection connection, String name, Export export, boolean structured,
      List<StatusReply.Selected> contexts) {
    if (export.device().loop() != loop) {
      LOG.error("export '{}' is not on the loop of the server at {}", name, Addresses.text(address));
      return null;
    }
    Transmission transmission = new Transmission(
        connection, loop, export, structured, contexts, options.maxRequests(), loop.budget(), options.maxPayloadBytes());
    connection.opened(name, export, transmission);
    return transmission;
  }

  public SocketAddress address() {
    return address;
  }

  public CompletionStage<List<Connection>> connections() {
    return CompletableFuture.supplyAsync(() -> List.copyOf(connections), loop);
  }

  public CompletionStage<Void> disconnect(Predicate<Connection> which) {
    CompletableFuture<Void> all = new CompletableFuture<>();
    loop.execute(() -> disconnectAll(which, all));
    return all;
  }

  private void disconnectAll(Predicate<Connection> which, CompletableFuture<Void> all) {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (ServerConnection connection : List.copyOf(connections)) {
      if (!which.test(connection)) continue;
      connection.close();
      ends.add(connection.done());
    }
    CompletableFuture.allOf(ends.toArray(new CompletableFuture<?>[0])).thenRun(() -> all.complete(null));
  }

  public CompletionStage<Void> close() {
    loop.execute(() -> {
      if (closing) return;
      closing = true;
      channel.close().addListener(f -> {
        SocketFile.delete(address);
        disconnectAll(c -> true, closed);
      });
    });
    return closed.minimalCompletionStage();
  }
}
