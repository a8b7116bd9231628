package sluice.core.care;

import java.util.concurrent.TimeUnit;
import sluice.protocol.v1.RecoverySettings;

/**
 * How fast the copying of one volume may be. Looked at once a second: while hosts read or write more than
 * {@link #BUSY_BYTES_PER_SECOND}, the rate is halved, down to the minimum; while they do not, it is made four times as
 * high, up to the maximum. So a busy volume has its disks to itself within seconds, and the recovery goes on all the same.
 */
final class Pace {
  static final long DEFAULT_MIN = 8L << 20;
  static final long BUSY_BYTES_PER_SECOND = 1L << 20;
  /** Faster than any disk: no limit. */
  private static final long UNLIMITED = 16L << 30;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int SECONDS = 8;

  private long min = DEFAULT_MIN;
  private long max = UNLIMITED;
  private long limit = UNLIMITED;
  private long foreground;
  private boolean begun;
  private long next;
  private long sampleAt;
  private long sampleCopied;
  private double rate;

  /** Of the pool, and of the task, which goes before: 0 is the pool's. */
  void settings(RecoverySettings pool, long taskMax) {
    long wantedMax = taskMax > 0 ? taskMax : pool.getMaxBytesPerSecond();
    max = wantedMax > 0 ? wantedMax : UNLIMITED;
    min = Math.min(max, pool.getMinBytesPerSecond() > 0 ? pool.getMinBytesPerSecond() : DEFAULT_MIN);
  }

  /** Bytes a second that hosts read and write. */
  void foreground(long bytesPerSecond) {
    foreground = bytesPerSecond;
  }

  void tick(Copier copier, long now) {
    if (!begun) {
      begun = true;
      next = now + SECOND;
      sampleAt = now;
      sampleCopied = copier.copied();
    }
    if (now - next >= 0) {
      measure(copier.copied(), now);
      next = now + SECOND;
      if (foreground <= BUSY_BYTES_PER_SECOND) limit = Math.min(UNLIMITED, limit * 4);
      else limit = Math.max(min, (limit == UNLIMITED && rate > 0 ? Math.min(limit, (long) rate) : limit) / 2);
    }
    long now1 = Math.max(1, Math.min(max, Math.max(min, limit)));
    copier.rate(now1 >= UNLIMITED ? 0 : now1);
  }

  /** A mean over about {@link #SECONDS} seconds, of the time since the last look: waiting counts. */
  private void measure(long copied, long now) {
    double seconds = (double) (now - sampleAt) / SECOND;
    double seen = (copied - sampleCopied) / seconds;
    rate = rate == 0 ? seen : rate + (seen - rate) * Math.min(1, seconds / SECONDS);
    sampleAt = now;
    sampleCopied = copied;
  }

  /** Of the last seconds. */
  long bytesPerSecond() {
    return (long) rate;
  }

  /** Until so many bytes are copied at this rate; 0: not known. */
  long leftMs(long bytes) {
    return rate < 1 ? 0 : Math.max(1, (long) (bytes / rate * 1000));
  }
}
