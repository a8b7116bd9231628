package sluice.nbd.internal.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.FileNotFoundException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.io.NettyLoop;
import sluice.nbd.ClientOptions;
import sluice.nbd.internal.Addresses;
import sluice.nbd.internal.Sockets;

/** Connects, haggles, and makes the session. One deadline covers all steps. */
public final class ClientConnector {
  private final NettyLoop loop;
  private final ClientOptions options;
  private final String name;
  private final CompletableFuture<ClientSession> result = new CompletableFuture<>();
  private Channel channel;

  private ClientConnector(NettyLoop loop, ClientOptions options) {
    this.loop = loop;
    this.options = options;
    this.name = "NBD export '" + options.exportName() + "' at " + Addresses.text(Addresses.forNetty(options.address()));
  }

  /** Any thread. */
  public static CompletionStage<ClientSession> connect(NettyLoop loop, ClientOptions options) {
    ClientConnector connector = new ClientConnector(loop, options);
    loop.execute(connector::start);
    return connector.result;
  }

  private void start() {
    var deadline = loop.schedule(options.connectTimeout().toNanos(), this::timedOut);
    result.whenComplete((session, error) -> deadline.cancel());
    SocketAddress address = Addresses.forNetty(options.address());
    if (!(address instanceof InetSocketAddress inet) || !inet.isUnresolved()) {
      connect(address);
      return;
    }
    // The JDK's resolver blocks; it must not do so on the loop.
    CompletableFuture.supplyAsync(() -> new InetSocketAddress(inet.getHostString(), inet.getPort()))
        .thenAcceptAsync(resolved -> {
          if (resolved.isUnresolved()) fail(ErrorCode.UNAVAILABLE, "the host name is not known", "check the name, or use an address");
          else connect(resolved);
        }, loop);
  }

  private void connect(SocketAddress address) {
    if (result.isDone()) return;
    boolean unix = Addresses.path(address) != null;
    Bootstrap bootstrap = new Bootstrap()
        .group(loop.eventLoop())
        .channel(unix ? loop.domainChannel() : loop.tcpChannel())
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel made) {
            made.pipeline().addLast("haggling", new Haggling(options, ClientConnector.this::opened, ClientConnector.this::fail));
          }
        });
    Sockets.set(Sockets.options(loop), bootstrap::option);
    if (!unix) {
      bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, options.keepAlive());
    }
    ChannelFuture connecting = bootstrap.connect(address);
    channel = connecting.channel();
    connecting.addListener(f -> {
      if (!f.isSuccess()) fail(ErrorCode.UNAVAILABLE, reason(f.cause()), "check that the server runs and can be reached");
    });
  }

  private static String reason(Throwable cause) {
    if (cause instanceof FileNotFoundException) return "there is no such socket";
    String text = Addresses.reason(cause).toLowerCase(Locale.ROOT);
    if (text.contains("refused")) return "nobody listens there (connection refused)";
    if (text.contains("permission denied")) return "this program may not use the socket";
    return text;
  }

  private void timedOut() {
    fail(ErrorCode.TIMEOUT, "it did not answer within " + options.connectTimeout().toMillis() + " ms",
        "check that the server runs and can be reached");
  }

  private void opened(Offer offer) {
    boolean readOnly = options.readOnly();
    String unusable = offer.unusable(readOnly);
    if (unusable != null) {
      fail(ErrorCode.CONFLICT, unusable, "change the export on its server");
      return;
    }
    if (result.isDone()) return;
    ClientSession session = new ClientSession(loop, channel, name, offer, readOnly, options.maxRequests());
    channel.pipeline().replace(Haggling.class, "replies", new ClientHandler(session));
    result.complete(session);
  }

  private void fail(ErrorCode code, String why, String correction) {
    if (!result.completeExceptionally(new SluiceException(
        null, code, "cannot open " + name, why, correction, List.of(options.exportName())))) return;
    if (channel != null) channel.close();
  }
}
