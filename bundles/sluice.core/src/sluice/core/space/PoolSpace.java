package sluice.core.space;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The space of a pool's disks. Its totals are the sums of theirs. */
public final class PoolSpace {
  private final long unit;
  private final TreeMap<String, DiskSpace> disks = new TreeMap<>();
  private long total;
  private long free;

  /** @param unit bytes, a power of two */
  public PoolSpace(long unit) {
    this.unit = unit;
  }

  public long unit() {
    return unit;
  }

  public long total() {
    return total;
  }

  public long free() {
    return free;
  }

  public long allocated() {
    return total - free;
  }

  /** By disk id, read-only. */
  public SortedMap<String, DiskSpace> disks() {
    return Collections.unmodifiableSortedMap(disks);
  }

  /** @throws SpaceConflict if it is there already, or the pool's bytes would not fit into a long any more */
  public void addDisk(String id, long start, long end) {
    DiskSpace disk = new DiskSpace(start, end, unit);
    if (disks.containsKey(id)) throw new SpaceConflict("disk " + id + " is in the pool already");
    if (total > Long.MAX_VALUE - disk.total()) throw new SpaceConflict("a pool holds less than 8 EiB");
    disks.put(id, disk);
    total += disk.total();
    free += disk.free();
  }

  /** @throws SpaceConflict if it is not there, or an extent lies on it */
  public void removeDisk(String id) {
    DiskSpace disk = disks.get(id);
    if (disk == null) throw new SpaceConflict("disk " + id + " is not in the pool");
    if (disk.allocated() > 0) throw new SpaceConflict("extents lie on disk " + id);
    disks.remove(id);
    total -= disk.total();
    free -= disk.free();
  }

  /** All of them or, with an exception, none. */
  public void allocate(List<DiskExtent> extents) {
    int done = 0;
    try {
      for (DiskExtent e : extents) {
        disk(e).allocate(e.offset(), e.length());
        free -= e.length();
        done++;
      }
    } catch (SpaceConflict conflict) {
      release(extents.subList(0, done));
      throw conflict;
    }
  }

  /** @throws SpaceConflict if one of them is not allocated: the caller has lost count, and nothing can be relied on */
  public void release(List<DiskExtent> extents) {
    for (DiskExtent e : extents) {
      disk(e).release(e.offset(), e.length());
      free += e.length();
    }
  }

  /** Bytes of the largest volume of one column that the free space of the disks given gives, in at most so many pieces. */
  public long largestLinear(int maxPieces, Predicate<String> diskIds) {
    List<Long> runs = new ArrayList<>();
    for (Map.Entry<String, DiskSpace> disk : disks.entrySet()) {
      if (diskIds.test(disk.getKey())) runs.addAll(disk.getValue().freeRuns().values());
    }
    runs.sort(Comparator.reverseOrder());
    long sum = 0;
    for (long run : runs.subList(0, Math.min(maxPieces, runs.size()))) sum += run;
    return sum;
  }

  private DiskSpace disk(DiskExtent e) {
    DiskSpace disk = disks.get(e.diskId());
    if (disk == null) throw new SpaceConflict("disk " + e.diskId() + " is not in the pool");
    return disk;
  }
}
