package sluice.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.pki.Identity;
import sluice.protocol.v1.ToServer;

/**
 * The server's side of the control protocol, on any number of addresses (networks).
 *
 * <p>Plain TCP, older TLS and foreign certificates are closed without an answer, with a line in the log
 * at debug level only: anybody can cause it. Any thread.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int LOOPS = 2; // hosts send small messages a few times a second: two carry thousands
  private static final int BACKLOG = 512;

  private final EventLoopGroup loops;
  private final List<Channel> listeners = new ArrayList<>();
  private final Set<ServerSession> sessions = ConcurrentHashMap.newKeySet();

  private ControlServer(EventLoopGroup loops) {
    this.loops = loops;
  }

  /**
   * Listens on all the addresses, or on none. Blocks until it does.
   *
   * @param identity of kind SERVER; its certificate is what peers see
   * @throws SluiceException CONFLICT if a port is taken, INVALID_ARGUMENT if an address is not this machine's
   */
  public static ControlServer bind(
      List<InetSocketAddress> addresses, Identity identity, ControlHandler handler, ServerLimits limits) {
    if (addresses.isEmpty()) throw new IllegalArgumentException("a server listens somewhere");
    ControlServer server =
        new ControlServer(
            new MultiThreadIoEventLoopGroup(
                LOOPS, new DefaultThreadFactory("sluice-control", true), NioIoHandler.newFactory()));
    try {
      for (InetSocketAddress address : addresses) server.listen(address, identity, handler, limits);
    } catch (SluiceException e) {
      server.close();
      throw e;
    }
    return server;
  }

  /** Where it listens, in the order given, with the ports that were chosen for 0. */
  public List<InetSocketAddress> addresses() {
    return listeners.stream().map(l -> (InetSocketAddress) l.localAddress()).toList();
  }

  /** Sessions that are open now, and connections that are on the way to one. */
  public int connections() {
    return sessions.size();
  }

  /** Ends listening and all sessions; returns when the handler has heard of all of them, after seconds at most. */
  @Override
  public void close() {
    listeners.forEach(l -> l.close().awaitUninterruptibly(1, TimeUnit.SECONDS));
    sessions.forEach(s -> s.close("the server is stopping"));
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }

  private void listen(InetSocketAddress address, Identity identity, ControlHandler handler, ServerLimits limits) {
    Admission admission = new Admission(limits);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, identity, handler, limits, admission);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) throw cannotListen(address, bound.cause());
    listeners.add(bound.channel());
    LOG.info("control: listening on {}", bound.channel().localAddress());
  }

  private void accept(
      SocketChannel channel, Identity identity, ControlHandler handler, ServerLimits limits, Admission admission) {
    Admission.Place place = admission.enter(channel.remoteAddress().getAddress());
    if (place == null) {
      LOG.debug("control: {} closed, too many connections on {}", channel.remoteAddress(), channel.localAddress());
      channel.close();
      return;
    }
    Frames.Decoder<ToServer> decoder = new Frames.Decoder<>(ToServer.parser());
    ServerSession session = new ServerSession(channel, decoder, handler, limits, place);
    sessions.add(session);
    channel.closeFuture().addListener(f -> sessions.remove(session));
    channel
        .pipeline()
        .addLast(Tls.server(identity, limits.greeting().toMillis()))
        .addLast(decoder)
        .addLast(new Frames.Encoder())
        .addLast(session);
  }

  private static SluiceException cannotListen(InetSocketAddress address, Throwable cause) {
    String where = address.getHostString() + ":" + address.getPort();
    if (address.isUnresolved()) {
      return new SluiceException(
          ErrorCode.INVALID_ARGUMENT, "cannot listen on " + where, "the host name has no address",
          "use an address of this machine", where);
    }
    String text = String.valueOf(cause.getMessage());
    boolean taken = cause instanceof BindException && text.contains("in use");
    boolean foreign = cause instanceof BindException && text.contains("assign");
    return new SluiceException(
        cause,
        taken ? ErrorCode.CONFLICT : foreign ? ErrorCode.INVALID_ARGUMENT : ErrorCode.IO,
        "cannot listen on " + where,
        taken ? "the port is taken" : foreign ? "no network of this machine has that address" : text,
        taken ? "stop the program that has it, or choose another port"
            : foreign ? "use one of this machine's addresses" : "",
        List.of(where));
  }
}
