package sluice.core.care;

import java.util.concurrent.TimeUnit;

/**
 * How patient a {@link VolumeCare} is, in nanoseconds, and how much it takes on at once.
 *
 * @param retry after something failed that may work later
 * @param space between two tries to find replacement space
 * @param recall after which a recall that could wait is given up, and its hosts go on under the layout there is
 * @param recallRetry to the next try of such a recall
 * @param checkpoint between two notes of how far a leg is filled
 * @param report between two statuses of a task
 * @param windowBytes of the volume that are copied in one window
 */
public record CareTimes(long retry, long space, long recall, long recallRetry, long checkpoint, long report, long windowBytes) {
  /** The figures of the design: 1 s, 10 s, 10 s, 10 s, 5 s, 1 s. */
  public static final CareTimes STANDARD = new CareTimes(s(1), s(10), s(10), s(10), s(5), s(1));

  public CareTimes {
    if (retry <= 0 || space <= 0 || recall <= 0 || recallRetry <= 0 || checkpoint <= 0 || report <= 0 || windowBytes <= 0) {
      throw new IllegalArgumentException("times of the care");
    }
  }

  /** With windows of the usual size. */
  public CareTimes(long retry, long space, long recall, long recallRetry, long checkpoint, long report) {
    this(retry, space, recall, recallRetry, checkpoint, report, Ranges.WINDOW_BYTES);
  }

  private static long s(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
