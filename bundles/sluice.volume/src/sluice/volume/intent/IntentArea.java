package sluice.volume.intent;

import sluice.api.block.BlockDevice;
import sluice.api.layout.Extent;

/** Where the write intents beside one leg lie. One owner: the engine's loop. */
public final class IntentArea {
  final String leg;
  final boolean inSync;
  final BlockDevice disk;
  final Extent extent;
  /** Which of the own slot's blocks the next write goes to. */
  int next;

  /** @param extent of {@link IntentSlots#COUNT} slots at least */
  public IntentArea(String leg, boolean inSync, BlockDevice disk, Extent extent) {
    if (extent.length() < (long) IntentSlots.COUNT * SlotContent.BYTES) {
      throw new IllegalArgumentException("leg " + leg + " has too little room for write intents: " + extent);
    }
    this.leg = leg;
    this.inSync = inSync;
    this.disk = disk;
    this.extent = extent;
  }

  /** Bytes from the disk's start. */
  long offset(int slot, int block) {
    return extent.offset() + (long) slot * SlotContent.BYTES + (long) block * IntentBlock.BYTES;
  }

  boolean sameLeg(IntentArea other) {
    return leg.equals(other.leg);
  }
}
