package sluice.core.space;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {
  @Test
  void theDataAreaIsCutToWholeUnits() {
    DiskSpace space = new DiskSpace(5, 47, 10);
    assertEquals(30, space.total());
    assertEquals(Map.of(10L, 30L), space.freeRuns());
    assertEquals(0, new DiskSpace(11, 19, 10).total());
  }

  @Test
  void allocatingInTheMiddleSplitsARunAndReleasingJoinsIt() {
    DiskSpace space = new DiskSpace(0, 100, 10);
    space.allocate(30, 20);
    assertEquals(Map.of(0L, 30L, 50L, 50L), space.freeRuns());
    assertEquals(20, space.allocated());
    assertEquals(50, space.largestFree());
    assertEquals(0, space.freeFrom(40));
    assertEquals(40, space.freeFrom(60));
    space.release(30, 20);
    assertEquals(Map.of(0L, 100L), space.freeRuns());
  }

  @Test
  void whatIsTakenOutsideOrUnalignedIsRefusedAndChangesNothing() {
    DiskSpace space = new DiskSpace(10, 100, 10);
    space.allocate(30, 20);
    for (long[] e : new long[][] {{30, 10}, {20, 20}, {40, 20}, {0, 10}, {90, 20}, {51, 10}, {50, 5}, {50, 0}, {50, -10}, {Long.MAX_VALUE - 7, 10}}) {
      assertThrows(SpaceConflict.class, () -> space.allocate(e[0], e[1]));
    }
    for (long[] e : new long[][] {{50, 10}, {20, 10}, {20, 20}, {40, 20}}) assertThrows(SpaceConflict.class, () -> space.release(e[0], e[1]));
    assertEquals(20, space.allocated());
    assertEquals(Map.of(10L, 20L, 50L, 50L), space.freeRuns());
  }

  @Test
  void randomStepsAgreeWithABitForEachUnit() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      DiskSpace space = new DiskSpace(0, 64, 1);
      BitSet taken = new BitSet();
      for (int i = 0; i < 500; i++) {
        int from = random.nextInt(64);
        int length = 1 + random.nextInt(12);
        boolean allocate = random.nextBoolean();
        int set = taken.get(from, from + length).cardinality();
        boolean possible = from + length <= 64 && set == (allocate ? 0 : length);
        if (!possible) {
          assertThrows(SpaceConflict.class, () -> step(space, allocate, from, length), "seed " + seed);
        } else {
          step(space, allocate, from, length);
          taken.set(from, from + length, allocate);
        }
        assertEquals(taken.cardinality(), space.allocated(), "seed " + seed);
        int at = from;
        assertEquals(Math.max(0, (taken.nextSetBit(at) < 0 ? 64 : taken.nextSetBit(at)) - at), space.freeFrom(at), "seed " + seed);
      }
    }
  }

  private static void step(DiskSpace space, boolean allocate, long from, long length) {
    if (allocate) space.allocate(from, length);
    else space.release(from, length);
  }

  @Test
  void aPoolAllocatesAllOrNothingAndItsTotalsAddUp() {
    PoolSpace pool = new PoolSpace(10);
    pool.addDisk("a", 0, 100);
    pool.addDisk("b", 0, 50);
    assertThrows(SpaceConflict.class, () -> pool.allocate(List.of(new DiskExtent("a", 0, 20), new DiskExtent("b", 40, 20))));
    assertEquals(150, pool.free());
    pool.allocate(List.of(new DiskExtent("a", 0, 20), new DiskExtent("b", 40, 10)));
    assertEquals(30, pool.allocated());
    assertEquals(pool.total(), pool.free() + pool.allocated());
    assertEquals(120, pool.largestLinear(2, id -> true));
    assertEquals(80, pool.largestLinear(1, id -> true));
    assertThrows(SpaceConflict.class, () -> pool.removeDisk("b"));
    assertThrows(SpaceConflict.class, () -> pool.addDisk("a", 0, 10));
    assertThrows(SpaceConflict.class, () -> pool.addDisk("c", 0, Long.MAX_VALUE));
    pool.release(List.of(new DiskExtent("b", 40, 10)));
    pool.removeDisk("b");
    assertEquals(100, pool.total());
  }
}
