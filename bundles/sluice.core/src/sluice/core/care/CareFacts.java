package sluice.core.care;

import java.util.List;

/**
 * How a volume is, as its care sees it: what alerts, the picture and refusals are made of.
 *
 * @param state as its copies are
 * @param reason why it is not healthy, for people; empty if it is
 * @param sinceMs when the first of its legs was lost, milliseconds since 1970; 0 if it is healthy
 * @param noSpare why a lost leg cannot be replaced; empty: it can, or need not be
 * @param staleHosts holders that owe an answer and cannot be reached
 * @param doubtfulDisks on which a holder has writes in doubt: nothing new may be put there (invariant 8)
 * @param windowStart of the recovery's window, bytes
 * @param windowEnd of the same
 */
public record CareFacts(State state, String reason, long sinceMs, String noSpare, List<StaleHost> staleHosts,
    List<String> doubtfulDisks, long windowStart, long windowEnd) {
  /** As the volume's copies are. */
  public enum State {
    /** Every copy that is wanted is there and in sync. */
    HEALTHY,
    /** At least one is not in sync, or there are fewer than wanted. */
    DEGRADED,
    /** No copy that is in sync can be reached by the server. */
    UNAVAILABLE
  }

  /** A holder that the volume waits for. @param text what for; @param sinceMs milliseconds since 1970 */
  public record StaleHost(String hostId, String text, long sinceMs) {}
}
