package sluice.core.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AreaSizesTest {
  private static final long CHUNK = 64 << 10;
  private static final long GROUP = 251 * CHUNK;
  private static final long GIB = 1L << 30;

  @Test
  void anAreaIsWholeGroupsAndEachIsAsLargeAsAllBefore() {
    assertEquals(GROUP, AreaSizes.next(64 << 20, CHUNK, 0, 0));
    assertEquals(4 * GROUP, AreaSizes.next(GIB, CHUNK, 0, 0));
    assertEquals(8 * GROUP, AreaSizes.next(GIB, CHUNK, 8 * GROUP, 0));
  }

  @Test
  void itIsNeverMoreThanAllChunksOfTheVolumeNeed() {
    assertEquals(5 * GROUP, AreaSizes.next(64 << 20, CHUNK, 100 * GROUP, 0));
  }

  @Test
  void aLimitLeavesLessOrNothing() {
    assertEquals(2 * GROUP, AreaSizes.next(GIB, CHUNK, 3 * GROUP, 5 * GROUP + CHUNK));
    assertEquals(0, AreaSizes.next(GIB, CHUNK, 5 * GROUP, 5 * GROUP + CHUNK));
    assertEquals(0, AreaSizes.next(GIB, CHUNK, 0, CHUNK));
  }

  @Test
  void chunksArePowersOfTwoFrom64KibTo1Mib() {
    assertTrue(AreaSizes.isChunk(CHUNK) && AreaSizes.isChunk(1 << 20));
    assertFalse(AreaSizes.isChunk(CHUNK / 2) || AreaSizes.isChunk(3 * CHUNK) || AreaSizes.isChunk(2 << 20));
  }
}
