package sluice.core.care;

import java.util.List;
import sluice.core.care.CareEffects.DirtyRange;

/**
 * How much of a leg is right. Counts what had to be copied when the run began, and only what the run has passed: so it
 * never goes back, never beyond the total, and is the total exactly when all is done. What becomes dirty meanwhile is
 * copied as well and counted by nobody.
 */
final class Progress {
  private List<DirtyRange> needed = List.of();
  private long total;
  private long left;

  /** @param total bytes that shall be right at the end; @param needed those of them that are not yet */
  void begin(long newTotal, List<DirtyRange> newNeeded) {
    needed = List.copyOf(newNeeded);
    total = newTotal;
    left = Ranges.bytes(needed);
  }

  /** All below is right. */
  void reached(long place) {
    left = Math.min(left, Ranges.bytes(Ranges.within(needed, place, Long.MAX_VALUE)));
  }

  void end() {
    left = 0;
  }

  long total() {
    return total;
  }

  long done() {
    return total - left;
  }

  long left() {
    return left;
  }
}
