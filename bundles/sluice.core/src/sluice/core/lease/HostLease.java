package sluice.core.lease;

/**
 * The host's side of its lease. It runs from when the host <em>asked</em>, not from when it was answered: the server
 * counts from when it received, which is later, so the host is always the first to think that the lease has ended.
 *
 * <p>Clocks may run at different rates: the host shortens its lease by {@link #DRIFT_PER_MILLE}, so that it has stopped
 * before the server's count ends as long as the two rates differ by less than that.
 *
 * <p>A volume that one host holds alone needs no lease: the server gives it to nobody else before the holder has
 * answered or been fenced. A shared one stops at the end of the lease.
 *
 * <p>Rounds are numbers that grow; a round that is sent over several networks counts from its first sending. At most
 * {@link #ROUNDS} unanswered rounds are remembered; the answer to an older one is ignored, which is safe.
 */
public final class HostLease {
  /** 10 parts in a thousand: a hundred times what a working quartz clock does. */
  public static final int DRIFT_PER_MILLE = 10;
  /** Unanswered rounds that are remembered. */
  public static final int ROUNDS = 64;

  private final long[] rounds = new long[ROUNDS];
  private final long[] askedAt = new long[ROUNDS];
  private long newestAsked;
  private long newestAnswered;
  private long length;
  private boolean held;
  private long from;

  /** What the server grants from now on; leases that run are counted by the new length as well. */
  public void granted(long nanos) {
    if (nanos <= 0) throw new IllegalArgumentException("lease of " + nanos);
    length = nanos - nanos / 1000 * DRIFT_PER_MILLE;
  }

  /** A round is about to be sent; later sendings of the same round change nothing. */
  public void asked(long round, long now) {
    if (round <= newestAsked) return;
    newestAsked = round;
    int i = (int) (round % ROUNDS);
    rounds[i] = round;
    askedAt[i] = now;
  }

  /** The server has answered a round. Answers may come twice, late, or in any order. */
  public void answered(long round) {
    int i = (int) Math.floorMod(round, (long) ROUNDS);
    if (round <= newestAnswered || rounds[i] != round) return;
    newestAnswered = round;
    held = true;
    from = askedAt[i];
  }

  /** The server has a new idea of us, or we of it: nothing is held until it answers again. */
  public void dropped() {
    held = false;
  }

  /** Nanoseconds left; 0 if it has run out or there never was one. */
  public long leftNanos(long now) {
    if (!held || length == 0) return 0;
    return Math.max(0, from + length - now);
  }

  /** May I/O of a volume start now? */
  public boolean permits(boolean shared, long now) {
    return !shared || leftNanos(now) > 0;
  }
}
