package sluice.volume.intent;

import java.util.UUID;

/**
 * What a slot says on one leg: the newer of its two blocks that is good. Pure.
 *
 * <p>A torn write leaves the block before, under which no change had begun that the torn one was for. If neither block is
 * good though one of them is ours, nobody knows any more, and everything counts as dirty.
 *
 * @param block null if there is no good one
 * @param newest which of the two it is; -1 without
 * @param everything whether nobody knows
 */
record SlotContent(IntentBlock block, int newest, boolean everything) {
  static final int BYTES = 2 * IntentBlock.BYTES;

  /** @param at where in {@code bytes} the slot begins */
  static SlotContent of(byte[] bytes, int at, UUID volume, int slot) {
    IntentBlock best = null;
    int newest = -1;
    boolean damaged = false;
    for (int i = 0; i < 2; i++) {
      int start = at + i * IntentBlock.BYTES;
      IntentBlock.Found found = IntentBlock.look(bytes, start, volume, slot);
      damaged |= found == IntentBlock.Found.DAMAGED;
      if (found != IntentBlock.Found.GOOD) continue;
      IntentBlock block = IntentBlock.decode(bytes, start);
      if (best != null && block.sequence() <= best.sequence()) continue;
      best = block;
      newest = i;
    }
    return new SlotContent(best, newest, best == null && damaged);
  }

  /** Which block the next write goes to: never the one that counts. */
  int next() {
    return newest == 0 ? 1 : 0;
  }

  long sequence() {
    return block == null ? 0 : block.sequence();
  }

  /** 0: it shows nothing. What nobody knows counts as being of the oldest incarnation there is. */
  long incarnation() {
    if (everything) return 1;
    return block == null || block.bits().isEmpty() ? 0 : Math.max(1, block.incarnation());
  }

  /** Adds what it shows, in regions of another size if need be. */
  void addTo(RegionBits bits, long regionBytes) {
    if (everything) {
      if (bits.count() > 0) bits.set(0, bits.count() - 1);
    } else if (block != null) {
      long end = block.regionBytes() * block.bits().count();
      for (DirtyRange range : block.bits().ranges(block.regionBytes(), end)) bits.set(range, regionBytes);
    }
  }
}
