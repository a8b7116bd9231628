package sluice.core.snapshot;

import java.util.Arrays;

/** Chunks, each with a slot or none; in pages, so that it takes memory only where there is something. */
final class ChunkTable {
  private static final int PAGE_BITS = 10;
  private static final int PAGE = 1 << PAGE_BITS;

  /** Slot + 1; 0: none. */
  private int[][] pages = new int[0][];
  private int count;

  /** Of each chunk that has a slot. */
  interface Each {
    void chunk(int chunk, int slot);
  }

  /** -1: none. */
  int get(int chunk) {
    int p = chunk >>> PAGE_BITS;
    return p < pages.length && pages[p] != null ? pages[p][chunk & PAGE - 1] - 1 : -1;
  }

  boolean has(int chunk) {
    return get(chunk) >= 0;
  }

  void put(int chunk, int slot) {
    int p = chunk >>> PAGE_BITS;
    if (p >= pages.length) pages = Arrays.copyOf(pages, Math.max(p + 1, pages.length * 2));
    if (pages[p] == null) pages[p] = new int[PAGE];
    if (pages[p][chunk & PAGE - 1] == 0) count++;
    pages[p][chunk & PAGE - 1] = slot + 1;
  }

  void remove(int chunk) {
    if (!has(chunk)) return;
    pages[chunk >>> PAGE_BITS][chunk & PAGE - 1] = 0;
    count--;
  }

  int count() {
    return count;
  }

  /** The first chunk from this one on that has a slot; -1: none. */
  int next(int from) {
    for (int p = from >>> PAGE_BITS, i = from & PAGE - 1; p < pages.length; p++, i = 0) {
      if (pages[p] == null) continue;
      for (; i < PAGE; i++) if (pages[p][i] != 0) return (p << PAGE_BITS) + i;
    }
    return -1;
  }

  /** In ascending order; the chunk at hand may be removed. */
  void each(Each sink) {
    for (int c = next(0); c >= 0; c = next(c + 1)) sink.chunk(c, get(c));
  }
}
