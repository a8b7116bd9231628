package sluice.core.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SnapshotMapTest {
  private final SnapshotMap map = new SnapshotMap();
  private final Set<Integer> freed = new HashSet<>();

  private List<String> changed(long from, long to, int end) {
    List<String> runs = new ArrayList<>();
    map.changed(from, to, 0, end, 1000, (a, b, is) -> runs.add(a + "-" + b + (is ? " changed" : "")));
    return runs;
  }

  @Test
  void withoutASnapshotEverythingMayBeChanged() {
    assertTrue(map.covers(7));
    assertEquals(0, map.newest());
  }

  @Test
  void aChunkIsPreservedOnceForAllSnapshotsThatShowItAlike() {
    map.begin(2);
    map.begin(5);
    assertFalse(map.covers(1));
    map.preserved(1, 5, 70);
    assertTrue(map.covers(1));
    assertEquals(70, map.find(5, 1));
    assertEquals(70, map.find(2, 1), "it did not change between the two");
    map.begin(9);
    assertFalse(map.covers(1));
    assertEquals(-1, map.find(9, 1));
  }

  @Test
  void theListsAreExact() {
    map.begin(2);
    map.preserved(0, 2, 1);
    map.preserved(1, 2, 2);
    map.begin(5);
    map.preserved(1, 5, 3);
    map.preserved(3, 5, 4);
    assertEquals(List.of("0-2 changed", "2-6"), changed(2, 5, 6));
    assertEquals(List.of("0-1", "1-2 changed", "2-3", "3-4 changed", "4-6"), changed(5, 0, 6));
    assertEquals(List.of("0-2 changed", "2-3", "3-4 changed", "4-6"), changed(2, 0, 6));
  }

  @Test
  void deletingKeepsWhatOlderOnesNeedAndFreesTheRest() {
    map.begin(2);
    map.preserved(0, 2, 10);
    map.begin(5);
    map.preserved(0, 5, 11);
    map.preserved(1, 5, 12);
    map.begin(7);
    map.preserved(2, 7, 13);
    map.delete(5, freed::add);
    assertEquals(Set.of(11), freed);
    assertEquals(10, map.find(2, 0));
    assertEquals(12, map.find(2, 1));
    assertEquals(List.of("0-2 changed", "2-3"), changed(2, 7, 3), "what changed is still known");
    map.delete(2, freed::add);
    assertEquals(Set.of(11, 10, 12), freed);
    assertEquals(13, map.find(7, 2));
  }

  @Test
  void whenTheNewestIsDeletedWhatItHadCountsForTheOneBefore() {
    map.begin(2);
    map.begin(5);
    map.preserved(4, 5, 1);
    map.delete(5, freed::add);
    assertTrue(map.covers(4), "it need not be preserved again");
    assertFalse(map.covers(3));
    map.preserved(3, 2, 2);
    assertEquals(List.of("0-3", "3-5 changed", "5-8"), changed(2, 0, 8));
    map.delete(2, freed::add);
    assertEquals(Set.of(1, 2), freed);
  }

  @Test
  void whatIsLoadedIsAsItWas() {
    map.load(3, 5, 1);
    map.load(3, 2, 0);
    map.load(9, 1, 2);
    assertFalse(map.load(3, 5, 7), "a second one under the same number is not needed");
    map.begin(2);
    map.begin(6);
    map.sweep(freed::add);
    assertEquals(Set.of(1, 2), freed, "5 is deleted, and 2 has its own; nobody needs 1");
    assertEquals(0, map.find(2, 3));
  }

  @Test
  void tablesGrowInPages() {
    ChunkTable table = new ChunkTable();
    table.put(5_000_000, 3);
    table.put(0, 0);
    assertEquals(5_000_000, table.next(1));
    assertEquals(-1, table.next(5_000_001));
    assertEquals(0, table.get(0));
    assertEquals(2, table.count());
    table.remove(0);
    assertFalse(table.has(0));
  }

  /** Against whole copies of the volume, for many histories. */
  @Test
  void everySnapshotShowsWhatTheVolumeShowedThen() {
    for (int seed = 0; seed < 300; seed++) history(new Random(seed), seed);
  }

  private static void history(Random random, int seed) {
    int chunks = 12;
    SnapshotMap map = new SnapshotMap();
    int[] volume = new int[chunks];
    Map<Integer, Integer> slots = new HashMap<>();
    TreeMap<Long, int[]> copies = new TreeMap<>();
    TreeMap<Long, BitSet> changes = new TreeMap<>();
    int nextSlot = 0;
    long epoch = 1;
    int content = 1;
    for (int step = 0; step < 120; step++) {
      int what = random.nextInt(10);
      if (what < 7) {
        int c = random.nextInt(chunks);
        if (!map.covers(c)) {
          slots.put(nextSlot, volume[c]);
          map.preserved(c, map.newest(), nextSlot++);
        }
        volume[c] = content++;
        for (BitSet since : changes.values()) since.set(c);
      } else if (what < 9) {
        epoch += 1 + random.nextInt(3);
        map.begin(epoch);
        copies.put(epoch, volume.clone());
        changes.put(epoch, new BitSet());
      } else if (!copies.isEmpty()) {
        List<Long> all = new ArrayList<>(copies.keySet());
        long gone = all.get(random.nextInt(all.size()));
        copies.remove(gone);
        changes.remove(gone);
        map.delete(gone, slot -> slots.remove(slot));
      }
      if (random.nextInt(8) == 0) map = reloaded(map, chunks);
      for (Map.Entry<Long, int[]> copy : copies.entrySet()) {
        int[] shown = new int[chunks];
        for (int c = 0; c < chunks; c++) {
          int slot = map.find(copy.getKey(), c);
          shown[c] = slot < 0 ? volume[c] : slots.get(slot);
        }
        assertArrayEquals(copy.getValue(), shown, "seed " + seed + " step " + step);
        BitSet told = new BitSet();
        map.changed(copy.getKey(), 0, 0, chunks, 100, (a, b, is) -> told.set(a, b, is));
        assertEquals(changes.get(copy.getKey()), told, "seed " + seed + " step " + step);
      }
      if (copies.isEmpty()) assertTrue(slots.isEmpty(), "seed " + seed + ": nothing is kept for nobody");
    }
  }

  /** As after a restart. */
  private static SnapshotMap reloaded(SnapshotMap old, int chunks) {
    SnapshotMap map = new SnapshotMap();
    for (Object[] e : old.entries()) map.load((Integer) e[0], (Long) e[1], (Integer) e[2]);
    for (long n : old.snapshots()) map.begin(n);
    map.sweep(slot -> {
      throw new AssertionError("slot " + slot + " was needed");
    });
    return map;
  }
}
