package sluice.core.placement;

import java.util.Map;
import sluice.api.ByteSize;

/** Why a disk cannot take a whole column. */
final class DiskFilter {
  private DiskFilter() {}

  /** @return a clause for people; empty if the disk can */
  static String whyNot(FreeRuns runs, long columnBytes, Map<String, String> avoid) {
    String reason = avoid.get(runs.disk.id());
    if (reason != null) return reason.isEmpty() ? "not to be used" : reason;
    if (runs.total() < columnBytes) return size(runs.disk.space().free()) + " free of " + size(columnBytes) + " needed";
    long largest = runs.largest();
    if (largest < columnBytes) {
      return size(runs.total()) + " free, but only " + size(largest) + " of " + size(columnBytes) + " needed in one piece";
    }
    return "";
  }

  static String size(long bytes) {
    return new ByteSize(bytes).toString();
  }
}
