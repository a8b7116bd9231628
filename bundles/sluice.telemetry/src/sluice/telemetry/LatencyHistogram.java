package sluice.telemetry;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long things took: log-linear buckets, 16 to each doubling, so that a quantile is at most 1/16 above the truth
 * from nanoseconds to 18 minutes; longer times count in the last bucket. {@link #record} is for any thread, allocates
 * nothing and takes no lock. 4.7 KiB each.
 */
public final class LatencyHistogram {
  private static final int SUB_BITS = 4;
  private static final int SUB = 1 << SUB_BITS;
  private static final int TOP_BIT = 40;
  private static final long MAX = (1L << TOP_BIT) - 1;
  static final int BUCKETS = (TOP_BIT - SUB_BITS + 1) * SUB;

  private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);
  private final LongAdder sumNanos = new LongAdder();

  LatencyHistogram() {}

  /** @param nanos negative ones, as a clock that is not monotonic may give, count as 0 */
  public void record(long nanos) {
    long n = Math.max(0, nanos);
    buckets.getAndIncrement(bucket(Math.min(n, MAX)));
    sumNanos.add(n);
  }

  /** 0..15 have a bucket each; above, the top five bits choose. */
  static int bucket(long nanos) {
    if (nanos < SUB) return (int) nanos;
    int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
    return (shift << SUB_BITS) + (int) (nanos >>> shift);
  }

  /** The largest time in nanoseconds that counts in the bucket. */
  static long upper(int bucket) {
    if (bucket < 2 * SUB) return bucket;
    int shift = (bucket >> SUB_BITS) - 1;
    return ((long) (bucket - (shift << SUB_BITS) + 1) << shift) - 1;
  }

  /** Adds each bucket's number to the array's. */
  void addTo(long[] counts) {
    for (int i = 0; i < BUCKETS; i++) counts[i] += buckets.get(i);
  }

  public long count() {
    long n = 0;
    for (int i = 0; i < BUCKETS; i++) n += buckets.get(i);
    return n;
  }

  /** Sum of all recorded times, in nanoseconds. */
  public long sumNanos() {
    return sumNanos.sum();
  }

  /**
   * The time in nanoseconds that a share of the recorded ones did not exceed; 0 if there are none.
   *
   * @param share 0..1, for example 0.99
   */
  public long quantile(double share) {
    if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException("not a share: " + share);
    long total = count();
    if (total == 0) return 0;
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += buckets.get(i);
      if (seen >= wanted) return upper(i);
    }
    return MAX;
  }

  /**
   * How many did not exceed each bound; the bounds must be ends of buckets ({@code 2^k - 1} is, from k = 4 up), grow,
   * and fit the result. Concurrent recording may show in some of the answers and not in others, but never makes a
   * later one smaller than an earlier one.
   */
  void cumulative(long[] boundsNanos, long[] into) {
    long seen = 0;
    int next = 0;
    for (int i = 0; i < BUCKETS; i++) {
      while (next < boundsNanos.length && upper(i) > boundsNanos[next]) into[next++] = seen;
      seen += buckets.get(i);
    }
    while (next < into.length) into[next++] = seen;
  }
}
