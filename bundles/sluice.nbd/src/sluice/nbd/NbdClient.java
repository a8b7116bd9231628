package sluice.nbd;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.io.NettyLoop;
import sluice.nbd.internal.client.ClientConnector;
import sluice.nbd.internal.client.ClientSession;

/**
 * An NBD export as a block device. Does not reconnect: once the connection is gone every request ends with ENXIO, and
 * whoever wants another connection opens one.
 *
 * <p><b>When requests complete</b> (invariant 8, no late ghosts). An answer from the server is final. When the
 * <em>peer</em> closes the connection (end of stream or reset), all that was outstanding ends with ENXIO, changes too: a
 * server that has closed has stopped serving this connection. NBD obliges a server to finish what it has begun before
 * it ends a session ("Terminating the transmission phase"), Sluice's own server closes only after its requests have
 * completed, and a server whose process died has dropped what it had not given to its disk. When the connection is lost
 * <em>without</em> the peer's word (a retransmission or keep-alive timeout, a route that vanished, a reply that makes no
 * sense), reads and flushes end, with ETIMEDOUT or ENXIO, for nothing will write into their buffers any more; but
 * changes that were sent stay outstanding, in doubt, until the peer's close is seen after all, or {@link #peerFenced()}
 * says that it cannot act any more. Changes that were never sent end with ENXIO.
 *
 * <p>Requests larger than the server's maximum payload are split; what the server does not offer is made from what it
 * does: FUA from FLUSH, WRITE_ZEROES from WRITE; TRIM and CACHE are hints and do nothing then. A read-only server needs
 * no FLUSH; a writable one without FLUSH is refused at connect, since nothing on it could be made stable.
 *
 * <p>At most {@link ClientOptions#maxRequests()} requests are under way; more wait in order, up to 65536, beyond which
 * they end with ENOMEM.
 */
public final class NbdClient implements BlockDevice {
  private final ClientSession session;

  private NbdClient(ClientSession session) {
    this.session = session;
  }

  /**
   * Any thread: connects and opens the export; the stage completes on the loop.
   *
   * @param loop one of sluice.io's
   * @return fails with a {@link sluice.api.SluiceException}: not reachable, refused, no such export, TLS trouble, not
   *     in time, or not usable as a disk
   */
  public static CompletionStage<NbdClient> connect(IoLoop loop, ClientOptions options) {
    return ClientConnector.connect(NettyLoop.of(loop), options).thenApply(NbdClient::new);
  }

  @Override
  public IoLoop loop() {
    return session.loop();
  }

  @Override
  public BlockTraits traits() {
    return session.traits();
  }

  @Override
  public void submit(BlockRequest request) {
    session.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    session.status(offset, length, sink);
  }

  /**
   * Any thread: lets everything outstanding be answered, then says NBD_CMD_DISC and disconnects. Changes in doubt hold
   * it back.
   */
  @Override
  public CompletionStage<Void> close() {
    return session.close();
  }

  /**
   * On the loop: stops waiting for reads, flushes and other requests that change nothing; they end with ETIMEDOUT, and
   * what the server may still send for them is thrown away. Changes are not touched.
   */
  public void abandonReads() {
    session.abandonReads();
  }

  /** On the loop: requests that have not completed, queued ones included. */
  public int outstanding() {
    return session.outstanding();
  }

  /** On the loop: changes that were sent on a connection that is lost without the peer's word; see the class. */
  public int inDoubt() {
    return session.inDoubt();
  }

  /**
   * On the loop: the caller has proof from elsewhere (fencing, the server's word) that nothing sent over this
   * connection can take effect any more. Cuts the connection; all that is outstanding ends with ENXIO.
   */
  public void peerFenced() {
    session.peerFenced();
  }

  /** On the loop: resets the connection; what lies in this machine's queues is dropped with it. */
  @Override
  public void cut(long settleNanos) {
    session.cut(settleNanos);
  }

  /** On the loop: told once, with the reason in words, when the connection is lost; at once if it already is. */
  public void onDisconnect(Consumer<String> listener) {
    session.onDisconnect(listener);
  }

  /** Any thread: why the connection is lost; null while it is not. */
  public String disconnected() {
    return session.lostReason();
  }
}
