package sluice.nbd;

import java.util.concurrent.CompletionStage;

/** A peer's connection to an {@link NbdServer}. Its accessors may be called from any thread. */
public interface Connection {
  /** Distinct within the process. */
  long id();

  /** What is proven of the peer so far. */
  Peer peer();

  /** Name of the export that was opened; null until one is. */
  String exportName();

  /**
   * Any thread: takes no further request, lets those under way complete, answers them and disconnects. The stage
   * completes, on the server's loop, when every request of this connection has completed: from then on nothing that
   * came over it can take effect any more, which is what fencing needs. It does not wait for the peer.
   */
  CompletionStage<Void> close();
}
