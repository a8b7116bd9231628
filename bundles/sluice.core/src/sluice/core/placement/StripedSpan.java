package sluice.core.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sluice.core.space.DiskExtent;

/**
 * Several columns of which no single set of disks holds all: segments one after the other, each on the disks that have
 * most left.
 *
 * <p>n columns of r granules can be placed exactly if the sum of min(free, r) over the disks is at least n × r (the rule
 * of McNaughton's wrap-around schedule). A segment is made as long as that stays true of the rest, so if there is a way
 * at all, and not too many pieces, it is found.
 */
final class StripedSpan {
  private StripedSpan() {}

  /** @param disks what is placed is taken from them. Empty if there is not enough, or in too many pieces */
  static List<PlacedSegment> place(List<FreeRuns> disks, int columns, long columnBytes, long granule, int maxPieces) {
    List<PlacedSegment> segments = new ArrayList<>();
    List<FreeRuns> byFree = new ArrayList<>(disks);
    long left = columnBytes / granule;
    if (disks.size() < columns || !fits(disks, List.of(), columns, left, 0, granule)) return List.of();
    while (left > 0) {
      if (segments.size() == maxPieces) return List.of();
      byFree.sort(Comparator.comparingLong(FreeRuns::total).reversed().thenComparing(DiskScore.BEST_FIRST));
      List<FreeRuns> taken = byFree.subList(0, columns);
      long longest = left;
      for (FreeRuns disk : taken) longest = Math.min(longest, disk.largest() / granule);
      long length = 1;
      long tooLong = longest + 1;
      while (tooLong - length > 1) {
        long middle = (length + tooLong) >>> 1;
        if (fits(byFree, taken, columns, left, middle, granule)) length = middle;
        else tooLong = middle;
      }
      List<DiskExtent> extents = new ArrayList<>();
      for (FreeRuns disk : taken) extents.add(disk.take(length * granule));
      segments.add(new PlacedSegment(extents));
      left -= length;
    }
    return segments;
  }

  /** Can the rest be placed after a segment of that length on those disks? Counts granules: no sum can overflow. */
  private static boolean fits(List<FreeRuns> disks, List<FreeRuns> taken, int columns, long left, long length, long granule) {
    long rest = left - length;
    long sum = 0;
    for (int i = 0; i < disks.size(); i++) {
      // the disks taken are the first ones
      long free = disks.get(i).total() / granule - (i < taken.size() ? length : 0);
      sum += Math.min(free, rest);
    }
    return sum >= columns * rest;
  }
}
