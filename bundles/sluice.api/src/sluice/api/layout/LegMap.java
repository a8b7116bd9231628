package sluice.api.layout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One leg's way from the volume's bytes to its disks. Looking up is a binary search and allocates nothing. */
final class LegMap {
  /** The place of an extent that is another leg's, who sees to it. */
  private static final int SHARED = -1;

  private final List<Segment> segments;
  private final int leg;
  private final long[] starts;
  /** Index of the disk of [segment][column]. */
  private final int[][] disk;
  private final long[][] offset;
  private final boolean[][] shared;

  /**
   * @param leg whose columns of the segments these are
   * @param replaced the leg of the same segments that this one is to replace; -1: none
   */
  LegMap(List<Segment> segments, int leg, int replaced) {
    this.segments = List.copyOf(segments);
    this.leg = leg;
    starts = new long[segments.size()];
    disk = new int[segments.size()][];
    offset = new long[segments.size()][];
    shared = new boolean[segments.size()][];
    for (int s = 0; s < starts.length; s++) {
      Segment segment = segments.get(s);
      List<Extent> columns = segment.legs().get(leg);
      List<Extent> before = replaced < 0 ? List.of() : segment.legs().get(replaced);
      if (columns.isEmpty()) throw new IllegalArgumentException("a leg is missing in the segment at " + segment.start());
      starts[s] = segment.start();
      disk[s] = new int[columns.size()];
      offset[s] = new long[columns.size()];
      shared[s] = new boolean[columns.size()];
      for (int c = 0; c < columns.size(); c++) {
        offset[s][c] = columns.get(c).offset();
        shared[s][c] = c < before.size() && before.get(c).equals(columns.get(c));
      }
    }
  }

  /** Where adjoining segments end. */
  static long end(List<Segment> segments) {
    long end = 0;
    for (Segment segment : segments) {
      if (segment.start() != end) throw new IllegalArgumentException("segments do not adjoin at " + end);
      end = segment.end();
    }
    return end;
  }

  int segments() {
    return disk.length;
  }

  /** Of one segment. @param index of each disk; gets those that are not in it yet */
  void index(int s, Map<String, Integer> index) {
    List<Extent> columns = segments.get(s).legs().get(leg);
    for (int c = 0; c < disk[s].length; c++) {
      int at = index.computeIfAbsent(columns.get(c).disk(), d -> index.size());
      disk[s][c] = shared[s][c] ? SHARED : at;
    }
  }

  List<Extent> extents() {
    List<Extent> extents = new ArrayList<>();
    for (Segment segment : segments) extents.addAll(segment.legs().get(leg));
    return extents;
  }

  void pieces(long from, long length, VolumeLayout.PieceSink sink) {
    long at = from;
    long end = from + length;
    for (int s = segmentAt(from); at < end; s++) {
      long to = Math.min(end, segments.get(s).end());
      piecesOf(s, at, to, sink);
      at = to;
    }
  }

  private void piecesOf(int s, long from, long to, VolumeLayout.PieceSink sink) {
    Segment segment = segments.get(s);
    int columns = disk[s].length;
    if (columns == 1) {
      if (disk[s][0] != SHARED) sink.piece(disk[s][0], offset[s][0] + (from - segment.start()), from, to - from);
      return;
    }
    int unit = segment.stripeUnit();
    long at = from;
    while (at < to) {
      long inSegment = at - segment.start();
      long u = inSegment / unit;
      long inUnit = inSegment % unit;
      int column = (int) (u % columns);
      long length = Math.min(unit - inUnit, to - at);
      if (disk[s][column] != SHARED) sink.piece(disk[s][column], offset[s][column] + u / columns * unit + inUnit, at, length);
      at += length;
    }
  }

  void runs(long start, long length, VolumeLayout.PieceSink sink) {
    long at = start;
    long end = start + length;
    for (int s = segmentAt(start); at < end; s++) {
      Segment segment = segments.get(s);
      long to = Math.min(end, segment.end());
      for (int c = 0; c < disk[s].length; c++) {
        long from = inColumn(segment, disk[s].length, c, at - segment.start());
        long run = inColumn(segment, disk[s].length, c, to - segment.start()) - from;
        if (run > 0 && disk[s][c] != SHARED) sink.piece(disk[s][c], offset[s][c] + from, at, run);
      }
      at = to;
    }
  }

  /** How many of the segment's first {@code bytes} bytes lie in a column. */
  private static long inColumn(Segment segment, int columns, int column, long bytes) {
    if (columns == 1) return bytes;
    long unit = segment.stripeUnit();
    long row = unit * columns;
    return bytes / row * unit + Math.max(0, Math.min(unit, bytes % row - column * unit));
  }

  private int segmentAt(long at) {
    int low = 0;
    int high = starts.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
