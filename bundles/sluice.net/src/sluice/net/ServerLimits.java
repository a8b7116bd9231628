package sluice.net;

import java.time.Duration;

/**
 * What a control server lets its peers use up.
 *
 * @param connections on one listening address; one more is closed at once
 * @param unauthenticated of those, how many may still be before their Welcome, and a quarter of them from one
 *     address; one more is closed at once
 * @param greeting from accepting a connection to its Welcome, Joined or Refused; then it is closed
 * @param idle without a message from the peer; then it is closed. Peers send a heartbeat far more often
 * @param queuedBytes waiting to be taken by one peer; one more and it is disconnected, for it does not keep up
 * @param callsInFlight of one connection; one more is answered with UNAVAILABLE
 */
public record ServerLimits(
    int connections, int unauthenticated, Duration greeting, Duration idle, long queuedBytes, int callsInFlight) {
  public ServerLimits {
    if (connections < 1 || unauthenticated < 1 || callsInFlight < 1 || queuedBytes < Frames.MAX_BYTES) {
      throw new IllegalArgumentException("limits too low to serve anybody");
    }
  }

  /** Room for some thousand hosts; a peer that does not keep up is cut off at two frames of the largest size. */
  public static ServerLimits standard() {
    return new ServerLimits(4096, 256, Duration.ofSeconds(10), Duration.ofSeconds(30), 2L * Frames.MAX_BYTES, 256);
  }
}
