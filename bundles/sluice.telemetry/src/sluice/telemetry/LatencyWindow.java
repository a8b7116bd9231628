package sluice.telemetry;

/** What histograms have recorded from one look to the next, all of them together. One owner; recording may go on meanwhile. */
public final class LatencyWindow {
  /**
   * Quantiles of one window; 0 without requests.
   *
   * @param requests that ended in it
   */
  public record Summary(long requests, long p50Nanos, long p99Nanos) {
    static final Summary NOTHING = new Summary(0, 0, 0);
  }

  private final LatencyHistogram[] of;
  private long[] before;

  public LatencyWindow(LatencyHistogram... of) {
    this.of = of.clone();
    this.before = counts();
  }

  /** Of what was recorded since the last call, or since this was made. */
  public Summary next() {
    long[] now = counts();
    long[] in = new long[now.length];
    long total = 0;
    for (int i = 0; i < now.length; i++) {
      in[i] = now[i] - before[i];
      total += in[i];
    }
    before = now;
    if (total == 0) return Summary.NOTHING;
    return new Summary(total, quantile(in, total, 0.50), quantile(in, total, 0.99));
  }

  private static long quantile(long[] in, long total, double share) {
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < in.length; i++) {
      seen += in[i];
      if (seen >= wanted) return LatencyHistogram.upper(i);
    }
    return LatencyHistogram.upper(in.length - 1);
  }

  private long[] counts() {
    long[] sum = new long[LatencyHistogram.BUCKETS];
    for (LatencyHistogram h : of) h.addTo(sum);
    return sum;
  }
}
