package sluice.net;

import java.util.concurrent.CompletionStage;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.Welcome;

/**
 * What the server does with what its peers say.
 *
 * <p>Called on the connection's event loop, one call at a time for a connection, concurrently for different ones; must
 * not block. Stages may complete on any thread. Before the Welcome a failure becomes a Refused, see {@link Refusals}.
 */
public interface ControlHandler {
  /** Somebody, with or without a certificate, wants to join; the connection ends with the answer. */
  CompletionStage<Joined> join(Join join, Peer peer);

  /**
   * A host or user wants a session. The versions fit; that the certificate is (still) good for the identity is for
   * the handler to say. From here on {@link #closed} will be called, whatever the answer is, and perhaps before the
   * stage is complete: whoever registers the connection later must look whether it was.
   */
  CompletionStage<Welcome> hello(Hello hello, Peer peer, ControlConnection connection);

  /** The Welcome has been written: what follows it (Assignments) may be sent now. */
  default void opened(ControlConnection connection) {}

  /** Of a host, which waits for a HeartbeatAck with the same round. A user's are answered before they come here. */
  void heartbeat(ControlConnection connection, Heartbeat heartbeat);

  /** To be answered with Replies that carry the id, the last of them marked so. */
  void call(ControlConnection connection, long id, Call call);

  /** Once for each connection that said Hello; the last that is heard of it. */
  void closed(ControlConnection connection, String reason);
}
