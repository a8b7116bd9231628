package sluice.core.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sluice.core.space.DiskExtent;

/** One column in several pieces: as few as possible, and on one disk if that takes no more. */
final class LinearSpan {
  private LinearSpan() {}

  /** @param disks best first; what is placed is taken from them. Empty if there is not enough, or in too many pieces */
  static List<PlacedSegment> place(List<FreeRuns> disks, long bytes, int maxPieces) {
    int fewest = pieces(disks, bytes);
    if (fewest > maxPieces) return List.of();
    for (FreeRuns disk : disks) {
      if (disk.total() >= bytes && pieces(List.of(disk), bytes) <= fewest) return take(List.of(disk), bytes);
    }
    return take(disks, bytes);
  }

  /** Longest runs first is the fewest there can be. */
  private static int pieces(List<FreeRuns> disks, long bytes) {
    List<Long> lengths = new ArrayList<>();
    for (FreeRuns disk : disks) disk.lengths().forEach(lengths::add);
    lengths.sort(Comparator.reverseOrder());
    long left = bytes;
    int count = 0;
    for (long length : lengths) {
      if (left <= 0) break;
      left -= length;
      count++;
    }
    return left > 0 ? Integer.MAX_VALUE : count;
  }

  private static List<PlacedSegment> take(List<FreeRuns> disks, long bytes) {
    List<PlacedSegment> segments = new ArrayList<>();
    long left = bytes;
    while (left > 0) {
      FreeRuns largest = disks.get(0);
      for (FreeRuns disk : disks) if (disk.largest() > largest.largest()) largest = disk;
      DiskExtent piece = largest.take(Math.min(left, largest.largest()));
      segments.add(new PlacedSegment(List.of(piece)));
      left -= piece.length();
    }
    return segments;
  }
}
