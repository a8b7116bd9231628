package sluice.nbd;

import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import sluice.api.SluiceException;
import sluice.api.block.IoLoop;
import sluice.io.NettyLoop;
import sluice.nbd.internal.server.Listener;

/**
 * Serves block devices over NBD on a Unix socket or a TCP port: fixed newstyle negotiation only, simple and structured
 * replies, block status.
 *
 * <p>All connections of a server live on its loop, and so must the devices of its exports. After an error reply a
 * connection remains usable; only a broken peer (wrong magic, limits overrun, deadline missed) is cut off.
 */
public final class NbdServer {
  private final Listener listener;

  private NbdServer(Listener listener) {
    this.listener = listener;
  }

  /**
   * Any thread but the loop's: {@link #bindAsync} and waits for it.
   *
   * @throws SluiceException if the address cannot be listened on
   */
  public static NbdServer bind(IoLoop loop, SocketAddress address, ServerOptions options, ExportDirectory exports) {
    if (loop.inLoop()) throw new IllegalStateException("bind waits, so it cannot be called on the loop; use bindAsync");
    try {
      return bindAsync(loop, address, options, exports).toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof SluiceException s) throw s;
      throw e;
    }
  }

  /**
   * Any thread: starts to listen. A Unix socket's file that nobody listens on any more, left by a program that was
   * killed, is replaced. Who may connect to a Unix socket is decided by the rights of the directory it is in.
   *
   * @param loop one of sluice.io's
   * @param address an InetSocketAddress (port 0: any), or a Unix socket's address, the JDK's or Netty's
   * @return fails with a {@link SluiceException} if the address cannot be listened on
   */
  public static CompletionStage<NbdServer> bindAsync(
      IoLoop loop, SocketAddress address, ServerOptions options, ExportDirectory exports) {
    return Listener.bind(NettyLoop.of(loop), address, options, exports).thenApply(NbdServer::new);
  }

  /** Any thread: where it listens, with the port that was chosen. */
  public SocketAddress address() {
    return listener.address();
  }

  /** Any thread: the connections at one moment; answers on the loop. */
  public CompletionStage<List<Connection>> connections() {
    return listener.connections();
  }

  /**
   * Any thread: {@link Connection#close()} on all that match; the predicate is asked on the loop. The stage completes,
   * on the loop, when the last request of the last of them has completed.
   */
  public CompletionStage<Void> disconnect(Predicate<Connection> which) {
    return listener.disconnect(which);
  }

  /**
   * Any thread: stops listening, removes a Unix socket's file, and closes all connections as {@link #disconnect} does.
   * Further calls answer the same stage.
   */
  public CompletionStage<Void> close() {
    return listener.close();
  }
}
