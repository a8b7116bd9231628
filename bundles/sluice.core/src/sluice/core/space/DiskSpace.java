package sluice.core.space;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The free runs of one disk's data area. Free runs never touch or overlap, so what is not in one is allocated; two
 * extents can never have a byte in common, because the second finds no free run.
 */
public final class DiskSpace {
  private final long unit;
  private final long first;
  private final long total;
  /** Length by offset. */
  private final TreeMap<Long, Long> free = new TreeMap<>();
  private long freeBytes;
  /** Of the longest free run; negative: to be found out. */
  private long largest = -1;

  /**
   * All free.
   *
   * @param start first byte that extents may use, rounded up to the unit
   * @param end byte after the last one, rounded down
   * @param unit bytes; every extent begins and ends at a multiple of it; a power of two
   */
  public DiskSpace(long start, long end, long unit) {
    this.unit = unit;
    first = start > Long.MAX_VALUE - unit ? Long.MAX_VALUE : (start + unit - 1) / unit * unit;
    total = Math.max(0, end / unit * unit - first);
    if (total > 0) free.put(first, total);
    freeBytes = total;
  }

  private DiskSpace(DiskSpace from) {
    unit = from.unit;
    first = from.first;
    total = from.total;
    free.putAll(from.free);
    freeBytes = from.freeBytes;
  }

  /** For planning: what is done to the copy is not done to this. */
  public DiskSpace copy() {
    return new DiskSpace(this);
  }

  /** Bytes that extents can use at all. */
  public long total() {
    return total;
  }

  public long free() {
    return freeBytes;
  }

  public long allocated() {
    return total - freeBytes;
  }

  /** Length by offset, in order, read-only. */
  public NavigableMap<Long, Long> freeRuns() {
    return Collections.unmodifiableNavigableMap(free);
  }

  /** Bytes of the longest free run. */
  public long largestFree() {
    if (largest < 0) {
      largest = 0;
      for (long length : free.values()) largest = Math.max(largest, length);
    }
    return largest;
  }

  /** Bytes that are free from this very offset on; 0 if it is allocated. */
  public long freeFrom(long offset) {
    Map.Entry<Long, Long> run = free.floorEntry(offset);
    return run == null ? 0 : Math.max(0, run.getKey() + run.getValue() - offset);
  }

  /** @throws SpaceConflict if a byte of it is allocated already or no extent may lie there; then nothing has changed */
  public void allocate(long offset, long length) {
    check(offset, length);
    long available = freeFrom(offset);
    if (available < length) {
      throw new SpaceConflict(range(offset, length) + (available == 0 ? " is" : " is partly") + " taken by another extent");
    }
    Map.Entry<Long, Long> run = free.floorEntry(offset);
    long before = offset - run.getKey();
    if (before > 0) free.put(run.getKey(), before);
    else free.remove(run.getKey());
    if (available > length) free.put(offset + length, available - length);
    freeBytes -= length;
    largest = -1;
  }

  /** @throws SpaceConflict if a byte of it is not allocated; then nothing has changed */
  public void release(long offset, long length) {
    check(offset, length);
    Map.Entry<Long, Long> left = free.floorEntry(offset);
    Map.Entry<Long, Long> right = free.ceilingEntry(offset);
    if (left != null && left.getKey() + left.getValue() > offset || right != null && right.getKey() < offset + length) {
      throw new SpaceConflict(range(offset, length) + " is free already");
    }
    long start = offset;
    long end = offset + length;
    if (left != null && left.getKey() + left.getValue() == offset) start = left.getKey();
    if (right != null && right.getKey() == end) {
      end += right.getValue();
      free.remove(right.getKey());
    }
    free.put(start, end - start);
    freeBytes += length;
    largest = -1;
  }

  private void check(long offset, long length) {
    if (offset < 0 || length <= 0 || offset > Long.MAX_VALUE - length || offset % unit != 0 || length % unit != 0) {
      throw new SpaceConflict(range(offset, length) + " is not made of whole units of " + unit + " bytes");
    }
    if (offset < first || offset + length > first + total) throw new SpaceConflict(range(offset, length) + " is outside of the data area");
  }

  private static String range(long offset, long length) {
    return "the extent at byte " + offset + " of " + length + " bytes";
  }
}
