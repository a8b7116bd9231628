package sluice.agent.router;

import java.util.BitSet;
import sluice.api.block.BlockRequest;
import sluice.api.layout.VolumeLayout;

/**
 * Which chunks this host knows to be preserved for the newest snapshot (invariant 6): what lies in them it may change directly. The
 * first change of any other goes through the server, which preserves it; that it was made is the proof. Nothing is asked, and
 * what is known costs nothing more.
 *
 * <p>What was sent before a snapshot proves nothing for it, though its answer may come later: so each change carries the number it
 * was sent under. On the router's loop.
 */
final class PreservedChunks {
  private long number;
  private long chunkBytes;
  private BitSet known = new BitSet();

  /** As the newest layout in force says. Nothing is under way directly. */
  void layout(VolumeLayout layout) {
    if (layout.snapshot() > number || layout.chunkBytes() != chunkBytes) known = new BitSet();
    number = layout.snapshot() == 0 ? 0 : Math.max(number, layout.snapshot());
    chunkBytes = layout.chunkBytes();
  }

  /** Under which changes are sent now; 0: nothing is to be preserved. */
  long number() {
    return number;
  }

  /** Whether the change may go straight to the disks. */
  boolean covers(BlockRequest change) {
    if (number == 0 || change.length <= 0) return true;
    int first = (int) (change.offset / chunkBytes);
    return known.nextClearBit(first) > (change.end() - 1) / chunkBytes;
  }

  /** A change that was sent through the server under that number has been made. */
  void made(BlockRequest change, long sentUnder) {
    if (number == 0 || sentUnder != number || change.length <= 0) return;
    known.set((int) (change.offset / chunkBytes), (int) ((change.end() - 1) / chunkBytes) + 1);
  }
}
