package sluice.server.volumes;

/** Spreads copies over time so that they keep to a rate, which may change at any time. Pure: the time comes with each call. */
final class CopyPace {
  private static final double NANOS = 1e9;

  private long bytesPerSecond;
  /** From when on the next copy may begin. */
  private long next;
  private long last;
  private boolean started;

  /** @param bytesPerSecond 0: as fast as the disks */
  CopyPace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Counts from now on; what was to be waited for under the old rate is waited for as long as the new one wants. */
  void rate(long newBytesPerSecond, long now) {
    if (newBytesPerSecond == bytesPerSecond) return;
    bytesPerSecond = newBytesPerSecond;
    if (started) next = Math.min(next, now + cost(last));
  }

  private long cost(long bytes) {
    return bytesPerSecond == 0 ? 0 : (long) (bytes * NANOS / bytesPerSecond);
  }

  /** Nanoseconds until the next copy may begin; 0: now. */
  long waitNanos(long now) {
    return !started || bytesPerSecond == 0 ? 0 : Math.max(0, next - now);
  }

  /** A copy begins. */
  void begins(long bytes, long now) {
    // What was not used is not made up for: a rate is a limit, not a budget.
    next = (started ? Math.max(next, now) : now) + cost(bytes);
    last = bytes;
    started = true;
  }
}
