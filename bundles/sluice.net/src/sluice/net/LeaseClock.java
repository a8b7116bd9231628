package sluice.net;

/** Hears which of a host's heartbeats were answered; the lease counts from when the host asked (invariant 2). */
@FunctionalInterface
public interface LeaseClock {
  /**
   * A round was answered that is newer than all answered before, over whichever network was first.
   *
   * <p>On the link set's loop; must not block.
   *
   * @param sentNanos {@link System#nanoTime} just before the round's first sending
   * @param leaseMillis of the newest Welcome
   */
  void acked(long round, long sentNanos, long leaseMillis);

  /** Of a user, who has no lease. */
  static LeaseClock none() {
    return (round, sentNanos, leaseMillis) -> {};
  }
}
