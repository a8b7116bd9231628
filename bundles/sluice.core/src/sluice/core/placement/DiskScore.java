package sluice.core.placement;

import java.util.Comparator;

/** Which of two disks is the better one: that with more free bytes; then by name and id, so that it is the same everywhere. */
final class DiskScore {
  static final Comparator<FreeRuns> BEST_FIRST =
      Comparator.comparingLong((FreeRuns r) -> r.disk.space().free()).reversed()
          .thenComparing(r -> r.disk.name())
          .thenComparing(r -> r.disk.id());

  private DiskScore() {}
}
