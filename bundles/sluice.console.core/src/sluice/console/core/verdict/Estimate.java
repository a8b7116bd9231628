package sluice.console.core.verdict;

import java.util.Arrays;
import java.util.Optional;
import sluice.protocol.v1.TaskStatus;

/**
 * When a recovery will be done, as a range: nobody knows better than that.
 *
 * @param soonestMs from now
 * @param latestMs from now
 */
public record Estimate(long soonestMs, long latestMs) {
  /** Rates to judge by; with fewer the range is guessed wide. */
  private static final int ENOUGH = 5;

  /** By the server's own figure alone: half to twice. Empty if it does not get on. */
  public static Optional<Estimate> of(TaskStatus s) {
    return of(s, new double[0]);
  }

  /**
   * By how fast it was lately: the range is from what it would take at the ninth decile of the rates to the first.
   *
   * @param bytesPerSecond the last rates, in any order
   */
  public static Optional<Estimate> of(TaskStatus s, double[] bytesPerSecond) {
    long left = s.getTotalBytes() - s.getDoneBytes();
    if (s.getTotalBytes() <= 0 || !s.getWaitsFor().isEmpty()) return Optional.empty();
    if (left <= 0) return Optional.of(new Estimate(0, 0));
    double[] rates = Arrays.stream(bytesPerSecond).filter(r -> r > 0).sorted().toArray();
    if (rates.length >= ENOUGH) {
      double slow = rates[rates.length / 10];
      double fast = rates[rates.length - 1 - rates.length / 10];
      return Optional.of(new Estimate(millis(left, fast), millis(left, slow)));
    }
    if (s.getBytesPerSecond() <= 0) return Optional.empty();
    long likely = s.getLeftMs() > 0 ? s.getLeftMs() : millis(left, s.getBytesPerSecond());
    return Optional.of(new Estimate(likely / 2, likely * 2));
  }

  private static long millis(long bytes, double bytesPerSecond) {
    return (long) Math.ceil(1000.0 * bytes / bytesPerSecond);
  }

  /** "4 to 9 min", "about 20 s". */
  public String words() {
    String from = Words.duration(soonestMs);
    String to = Words.duration(latestMs);
    return from.equals(to) ? "about " + to : from + " to " + to;
  }
}
