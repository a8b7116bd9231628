package sluice.core.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which chunks of a volume are preserved, for which snapshots, in which slots (invariant 6). One owner.
 *
 * <p>A chunk is preserved before its first change after the newest snapshot, under that snapshot's number. What a snapshot showed
 * in a chunk is therefore what was preserved first at or after its own number; if nothing was, the chunk has not changed since,
 * and the volume itself shows it. So a number's chunks are also exactly those that changed from that snapshot to the next, and
 * deleting a snapshot moves nothing: what no older one needs is freed, the rest stays where it is under the number it has.
 */
public final class SnapshotMap {
  private final NavigableSet<Long> snapshots = new TreeSet<>();
  private final NavigableMap<Long, ChunkTable> kept = new TreeMap<>();
  /** The tables at or after the newest snapshot, as an array: asked for each change. */
  private ChunkTable[] newest = new ChunkTable[0];

  /** What has become free. */
  public interface Freed {
    void slot(int slot);
  }

  /** Runs of chunks, ascending. */
  public interface Runs {
    /** @param to exclusive */
    void run(int from, int to, boolean changed);
  }

  /** Of the snapshot that all later changes are preserved for; 0: there is none, and nothing is preserved. */
  public long newest() {
    return snapshots.isEmpty() ? 0 : snapshots.last();
  }

  public boolean has(long snapshot) {
    return snapshots.contains(snapshot);
  }

  /** Snapshots' numbers, ascending; a copy. */
  public long[] snapshots() {
    return snapshots.stream().mapToLong(Long::longValue).toArray();
  }

  /** A snapshot begins: no change has been made since that is not preserved for it. */
  public void begin(long number) {
    if (!snapshots.isEmpty() && number <= snapshots.last()) throw new IllegalArgumentException(number + " after " + snapshots.last());
    snapshots.add(number);
    kept.computeIfAbsent(number, n -> new ChunkTable());
    index();
  }

  /** What the disks say, snapshot or none: in any order, {@link #sweep} afterwards. @return false: there is one already, keep the other */
  public boolean load(int chunk, long number, int slot) {
    ChunkTable table = kept.computeIfAbsent(number, n -> new ChunkTable());
    if (table.has(chunk)) return false;
    table.put(chunk, slot);
    index();
    return true;
  }

  /** The chunk lies in the slot as the snapshot with this number, which is the newest, shows it; stable, and so its map. */
  public void preserved(int chunk, long number, int slot) {
    ChunkTable table = kept.computeIfAbsent(number, n -> new ChunkTable());
    if (table.has(chunk)) throw new IllegalStateException("chunk " + chunk + " is preserved under " + number);
    table.put(chunk, slot);
    index();
  }

  private void index() {
    NavigableMap<Long, ChunkTable> tail = kept.tailMap(newest(), true);
    if (tail.size() != newest.length || tail.size() > 0 && newest[0] != tail.firstEntry().getValue()) newest = tail.values().toArray(ChunkTable[]::new);
  }

  /** Whether the chunk may be changed: no snapshot would lose it. */
  public boolean covers(int chunk) {
    if (snapshots.isEmpty()) return true;
    for (ChunkTable table : newest) if (table.has(chunk)) return true;
    return false;
  }

  /** Where the snapshot's chunk lies; -1: in the volume itself, unless that changes meanwhile: ask again after reading. */
  public int find(long snapshot, int chunk) {
    for (ChunkTable table : kept.tailMap(snapshot, true).values()) {
      int slot = table.get(chunk);
      if (slot >= 0) return slot;
    }
    return -1;
  }

  /** The snapshot is no more. Nobody reads it any more. */
  public void delete(long number, Freed freed) {
    if (!snapshots.remove(number)) return;
    Long next = snapshots.higher(number);
    sweep(kept.subMap(number, true, next == null ? Long.MAX_VALUE : next, false), freed);
  }

  /** Frees what no snapshot needs. */
  public void sweep(Freed freed) {
    sweep(kept, freed);
  }

  private void sweep(NavigableMap<Long, ChunkTable> some, Freed freed) {
    for (long tag : some.keySet().stream().mapToLong(Long::longValue).toArray()) {
      ChunkTable table = kept.get(tag);
      Long reader = snapshots.floor(tag);
      table.each((chunk, slot) -> {
        if (reader != null && !keptIn(reader, tag, chunk)) return;
        table.remove(chunk);
        freed.slot(slot);
      });
      if (table.count() == 0 && !snapshots.contains(tag)) kept.remove(tag);
    }
    index();
  }

  /** @param to exclusive */
  private boolean keptIn(long from, long to, int chunk) {
    for (ChunkTable table : kept.subMap(from, true, to, false).values()) if (table.has(chunk)) return true;
    return false;
  }

  /** Chunks that are kept from a snapshot on up to the next one: what changed between the two. */
  public int countOf(long snapshot) {
    Long next = snapshots.higher(snapshot);
    int n = 0;
    for (ChunkTable table : kept.subMap(snapshot, true, next == null ? Long.MAX_VALUE : next, false).values()) n += table.count();
    return n;
  }

  /**
   * Which chunks changed from one snapshot to another, in runs that adjoin: alternately changed and not.
   *
   * @param to number of a later snapshot; 0: up to now
   * @param first chunk to begin at
   * @param end exclusive
   * @param most runs that are told
   * @return the chunk after the last run told
   */
  public int changed(long from, long to, int first, int end, int most, Runs runs) {
    ChunkTable[] tables = kept.subMap(from, true, to == 0 ? Long.MAX_VALUE : to, false).values().toArray(ChunkTable[]::new);
    int at = first;
    for (int n = 0; at < end && n < most; n++) {
      int start = at;
      boolean is = in(tables, at);
      if (is) while (at < end && in(tables, at)) at++;
      else at = Math.min(end, next(tables, at));
      runs.run(start, at, is);
    }
    return at;
  }

  /** Everything, as it would be loaded: chunk, number, slot. For tests. */
  List<Object[]> entries() {
    List<Object[]> all = new ArrayList<>();
    kept.forEach((number, table) -> table.each((chunk, slot) -> all.add(new Object[] {chunk, number, slot})));
    return all;
  }

  private static boolean in(ChunkTable[] tables, int chunk) {
    for (ChunkTable table : tables) if (table.has(chunk)) return true;
    return false;
  }

  private static int next(ChunkTable[] tables, int from) {
    int next = Integer.MAX_VALUE;
    for (ChunkTable table : tables) {
      int found = table.next(from);
      if (found >= 0) next = Math.min(next, found);
    }
    return next;
  }
}
