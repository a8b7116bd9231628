package sluice.net;

import java.net.InetSocketAddress;
import sluice.net.pki.PeerIdentity;
import sluice.protocol.v1.ToClient;

/** A session as the server's side sees it. All methods may be called from any thread and never block. */
public interface ControlConnection {
  /** Proven by the TLS handshake; HOST or USER. */
  PeerIdentity peer();

  InetSocketAddress remote();

  /** The address of ours that the peer came to. */
  InetSocketAddress local();

  /**
   * Sends after everything that was sent before, and never before the Welcome. When more than
   * {@link ServerLimits#queuedBytes} wait, the peer does not keep up and is disconnected; a message to a connection
   * that is closed is dropped. {@code closed} tells the handler of both.
   */
  void send(ToClient message);

  /** Bytes that were sent and not yet taken by the peer: who has much to say paces itself by it. */
  long queuedBytes();

  /** Ends the session; what was sent before is still written. The reason goes to the log and to {@code closed}. */
  void close(String reason);

  /** A number of the handler's own, 0 at first; for instance of its record of the peer. */
  long attachment();

  void attachment(long value);
}
