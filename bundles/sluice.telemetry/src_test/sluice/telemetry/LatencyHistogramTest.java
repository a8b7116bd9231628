package sluice.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  private final LatencyHistogram histogram = new LatencyHistogram();

  @Test
  void everyTimeLiesBetweenTheEndOfTheBucketBeforeAndTheEndOfItsOwn() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      long nanos = random.nextLong() >>> (24 + random.nextInt(40));
      int b = LatencyHistogram.bucket(nanos);
      assertTrue(nanos <= LatencyHistogram.upper(b), () -> nanos + " in " + b);
      assertTrue(b == 0 || nanos > LatencyHistogram.upper(b - 1), () -> nanos + " in " + b);
    }
  }

  @Test
  void bucketsFollowOneAnotherWithoutAGap() {
    for (int b = 0; b < 591; b++) assertEquals(b + 1, LatencyHistogram.bucket(LatencyHistogram.upper(b) + 1));
    assertEquals((1L << 40) - 1, LatencyHistogram.upper(591));
  }

  @Test
  void aQuantileIsNeverBelowTheTruthAndAtMostASixteenthAbove() {
    Random random = new Random(7);
    long[] all = new long[10_001];
    for (int i = 0; i < all.length; i++) {
      all[i] = (long) Math.exp(random.nextDouble() * 20);
      histogram.record(all[i]);
    }
    Arrays.sort(all);
    for (double share : new double[] {0, 0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
      long truth = all[Math.max(0, (int) Math.ceil(share * all.length) - 1)];
      long told = histogram.quantile(share);
      assertTrue(told >= truth && told <= truth + truth / 16 + 1, share + ": " + truth + " told as " + told);
    }
  }

  @Test
  void longAndNegativeTimesCountInTheLastAndTheFirstBucket() {
    histogram.record(Long.MAX_VALUE);
    histogram.record(-5);
    assertEquals(2, histogram.count());
    assertEquals(0, histogram.quantile(0.5));
    assertEquals((1L << 40) - 1, histogram.quantile(1));
    assertEquals(Long.MAX_VALUE, histogram.sumNanos());
  }

  @Test
  void withoutTimesQuantilesAreZero() {
    assertEquals(0, histogram.quantile(0.99));
  }

  @Test
  void recordingAndCountingAllocateNothing() throws Exception {
    Counter counter = new Counter();
    for (int i = 0; i < 50_000; i++) count(counter, i);
    long before = allocated();
    for (int i = 0; i < 1_000_000; i++) count(counter, i);
    long bytes = allocated() - before;
    assertTrue(bytes < 200_000, bytes + " bytes for a million, asking for the number included");
  }

  /** Bytes that this thread has allocated; by name, since the type is not one of the Java platform's standard ones. */
  private static long allocated() throws Exception {
    return (long) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("java.lang:type=Threading"),
        "getThreadAllocatedBytes", new Object[] {Thread.currentThread().getId()}, new String[] {"long"});
  }

  private void count(Counter counter, int i) {
    histogram.record(i * 37L);
    counter.add(i);
  }
}
