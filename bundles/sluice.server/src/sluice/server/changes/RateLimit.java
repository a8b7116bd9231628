package sluice.server.changes;

/** So many at once, refilled evenly over a period. Pure: the time comes with each call. */
public final class RateLimit {
  private final long most;
  private final long nanosEach;
  private long full;
  private boolean started;

  /** @param most at once, and in each period */
  public RateLimit(int most, long periodNanos) {
    this.most = most;
    this.nanosEach = periodNanos / most;
  }

  /** Whether one more is within the limit; counts it if so. */
  public boolean take(long nowNanos) {
    // `full` is the moment at which everything taken so far will have been refilled.
    if (!started || full - nowNanos < 0) full = nowNanos;
    started = true;
    if (full - nowNanos > (most - 1) * nanosEach) return false;
    full += nanosEach;
    return true;
  }
}
