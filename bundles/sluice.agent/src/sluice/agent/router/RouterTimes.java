package sluice.agent.router;

import java.util.concurrent.TimeUnit;
import sluice.api.block.BlockOp;

/**
 * A router's deadlines, in nanoseconds.
 *
 * @param direct a request by the direct way that has not ended by then casts doubt on the way
 * @param server the same by the server route; longer than that route takes to move to another of the server's addresses
 * @param slowFactor how many times longer FLUSH, TRIM and WRITE_ZEROES may take: their work grows with more than their own size
 * @param total how long a request waits for a way before it fails
 * @param retryMin to the first retry of a request that both ways have failed; doubled each time
 * @param retryMax bound of that
 */
public record RouterTimes(long direct, long server, int slowFactor, long total, long retryMin, long retryMax) {
  public static final RouterTimes STANDARD = of(2_000, 60_000);

  public RouterTimes {
    if (direct <= 0 || server <= 0 || slowFactor < 1 || total <= 0 || retryMin <= 0 || retryMax < retryMin) {
      throw new IllegalArgumentException("router times");
    }
  }

  /** In milliseconds: the direct way's deadline, and how long a request may wait for a way. */
  public static RouterTimes of(long directMs, long totalMs) {
    return new RouterTimes(ns(directMs), ns(Math.max(7_000, directMs)), 8, ns(totalMs), ns(250), ns(4_000));
  }

  private static long ns(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  /** Of an attempt by this way. */
  long deadline(BlockOp op, int way) {
    long base = way == Ways.DIRECT ? direct : server;
    return switch (op) {
      case FLUSH, TRIM, WRITE_ZEROES -> base * slowFactor;
      case READ, WRITE, CACHE -> base;
    };
  }

  /** Granularity of deadlines. */
  long tick() {
    return Math.max(TimeUnit.MILLISECONDS.toNanos(5), Math.min(direct / 16, TimeUnit.MILLISECONDS.toNanos(125)));
  }
}
