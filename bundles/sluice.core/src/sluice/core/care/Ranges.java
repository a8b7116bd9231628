package sluice.core.care;

import java.util.ArrayList;
import java.util.List;
import sluice.core.care.CareEffects.DirtyRange;

/** Arithmetic of ranges: in ascending order, not overlapping. */
final class Ranges {
  /** As much is copied in one window: about a second's work of a slow disk, so that hosts are not kept out for longer. */
  static final long WINDOW_BYTES = 64L << 20;

  private Ranges() {}

  /** Joined with the last one if it adjoins. */
  static void append(List<DirtyRange> ranges, long start, long end) {
    int last = ranges.size() - 1;
    if (last >= 0 && ranges.get(last).end() == start) ranges.set(last, new DirtyRange(ranges.get(last).start(), end));
    else ranges.add(new DirtyRange(start, end));
  }

  /** What lies in both. */
  static List<DirtyRange> common(List<DirtyRange> a, List<DirtyRange> b) {
    List<DirtyRange> common = new ArrayList<>();
    for (DirtyRange r : b) common.addAll(within(a, r.start(), r.end()));
    return common;
  }

  static long bytes(List<DirtyRange> ranges) {
    long sum = 0;
    for (DirtyRange r : ranges) sum += r.length();
    return sum;
  }

  static List<DirtyRange> within(List<DirtyRange> ranges, long start, long end) {
    List<DirtyRange> cut = new ArrayList<>();
    for (DirtyRange r : ranges) {
      long s = Math.max(r.start(), start);
      long e = Math.min(r.end(), end);
      if (s < e) cut.add(new DirtyRange(s, e));
    }
    return cut;
  }

  /** Cut into pieces of at most so many bytes to copy each. */
  static List<List<DirtyRange>> batches(List<DirtyRange> ranges, long most) {
    List<List<DirtyRange>> batches = new ArrayList<>();
    List<DirtyRange> batch = new ArrayList<>();
    long room = most;
    for (DirtyRange r : ranges) {
      long start = r.start();
      while (start < r.end()) {
        long end = Math.min(r.end(), start + room);
        batch.add(new DirtyRange(start, end));
        room -= end - start;
        start = end;
        if (room > 0) continue;
        batches.add(batch);
        batch = new ArrayList<>();
        room = most;
      }
    }
    if (!batch.isEmpty()) batches.add(batch);
    return batches;
  }

  /**
   * Where a window that begins at {@code start} has to end for so many bytes to be copied within; {@code size} if there
   * are fewer.
   */
  static long windowEnd(List<DirtyRange> needed, long start, long most, long size) {
    long room = most;
    for (DirtyRange r : within(needed, start, size)) {
      if (r.length() >= room) return r.start() + room;
      room -= r.length();
    }
    return size;
  }
}
