package sluice.core.placement;

import java.util.Map;
import java.util.TreeMap;
import sluice.core.space.DiskExtent;

/**
 * What a plan can still take of one disk, in whole granules. The runs are copied only when something is taken or
 * counted, since most disks of a large pool are looked at and left.
 */
final class FreeRuns {
  final PlacementDisk disk;
  private final long granule;
  /** Usable length by offset; null: as on the disk. */
  private TreeMap<Long, Long> runs;
  private long total;

  FreeRuns(PlacementDisk disk, long granule) {
    this.disk = disk;
    this.granule = granule;
  }

  private TreeMap<Long, Long> runs() {
    if (runs == null) {
      runs = new TreeMap<>();
      disk.space().freeRuns().forEach(this::add);
    }
    return runs;
  }

  private void add(long offset, long length) {
    long usable = length / granule * granule;
    if (usable == 0) return;
    runs.put(offset, usable);
    total += usable;
  }

  long total() {
    runs();
    return total;
  }

  long largest() {
    if (runs == null) return disk.space().largestFree() / granule * granule;
    long largest = 0;
    for (long length : runs.values()) largest = Math.max(largest, length);
    return largest;
  }

  Iterable<Long> lengths() {
    return runs().values();
  }

  /** Takes it from the shortest run that holds it, to keep the long ones; the first of equals. */
  DiskExtent take(long length) {
    Map.Entry<Long, Long> best = null;
    for (Map.Entry<Long, Long> run : runs().entrySet()) {
      if (run.getValue() >= length && (best == null || run.getValue() < best.getValue())) best = run;
    }
    if (best == null) throw new IllegalStateException("no run of " + length + " on " + disk.id());
    long offset = best.getKey();
    long rest = best.getValue() - length;
    runs.remove(offset);
    if (rest > 0) runs.put(offset + length, rest);
    total -= length;
    return new DiskExtent(disk.id(), offset, length);
  }
}
