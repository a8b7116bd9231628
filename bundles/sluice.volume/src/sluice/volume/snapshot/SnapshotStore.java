package sluice.volume.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntConsumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoError;
import sluice.core.snapshot.AreaSizes;
import sluice.core.snapshot.SnapshotMap;

/**
 * A volume's areas with what lies in them, and the map of it: in memory as the disks have it, for an entry is in the map when the
 * table that shows it is stable (invariant 6). On the loop.
 */
final class SnapshotStore {
  private final List<Area> areas = new ArrayList<>();
  private final SnapshotMap map = new SnapshotMap();
  private final long chunkBytes;
  private final Runnable freed;
  /** Slots that are being freed. */
  private int freeing;

  SnapshotStore(long chunkBytes, Runnable freed) {
    this.chunkBytes = chunkBytes;
    this.freed = freed;
  }

  long chunkBytes() {
    return chunkBytes;
  }

  SnapshotMap map() {
    return map;
  }

  boolean hasArea(String id) {
    return areas.stream().anyMatch(a -> a.id().equals(id));
  }

  /** One more; its slots are numbered after those there are, so areas are always added in the same order. */
  CompletionStage<Void> add(String id, BlockDevice device) {
    Area area = new Area(id, device, chunkBytes);
    return area.load().thenRun(() -> {
      int base = slots();
      areas.add(area);
      for (Group g : area.groups()) {
        for (int s = 0; s < AreaSizes.SLOTS; s++) {
          if (g.number(s) == 0) continue;
          int slot = base + g.index * AreaSizes.SLOTS + s;
          if (!map.load(g.chunk(s), g.number(s), slot)) free(slot);
        }
      }
    });
  }

  int slots() {
    int n = 0;
    for (Area a : areas) n += a.slots();
    return n;
  }

  int free() {
    int n = 0;
    for (Area a : areas) n += a.free();
    return n;
  }

  /** -1: no slot is free. */
  int take() {
    int base = 0;
    for (Area a : areas) {
      int slot = a.take();
      if (slot >= 0) return base + slot;
      base += a.slots();
    }
    return -1;
  }

  /** Nothing that counts lies there. */
  void giveBack(int slot) {
    group(slot).giveBack(slot % AreaSizes.SLOTS);
  }

  private Area area(int slot) {
    int base = 0;
    for (Area a : areas) {
      if (slot < base + a.slots()) return a;
      base += a.slots();
    }
    throw new IllegalArgumentException("slot " + slot);
  }

  private Group group(int slot) {
    int base = 0;
    for (Area a : areas) {
      if (slot < base + a.slots()) return a.groups().get((slot - base) / AreaSizes.SLOTS);
      base += a.slots();
    }
    throw new IllegalArgumentException("slot " + slot);
  }

  BlockDevice device(int slot) {
    return area(slot).device();
  }

  /** Of the slot's chunk on {@link #device}. */
  long offset(int slot) {
    Group g = group(slot);
    return g.area.slotOffset(g.index, slot % AreaSizes.SLOTS);
  }

  /** The chunk's old content is stable in the slot. @param done 0 when the map has it, here and on the disks */
  void preserved(int slot, int chunk, IntConsumer done) {
    long number = map.newest();
    if (number == 0) {
      giveBack(slot);
      done.accept(IoError.OK);
      return;
    }
    group(slot).set(slot % AreaSizes.SLOTS, chunk, number, error -> {
      // The table may be there all the same: the slot is good for something else when one is that shows it free.
      if (error != IoError.OK) free(slot);
      else if (map.covers(chunk)) free(slot);
      else {
        map.preserved(chunk, number, slot);
        if (!map.has(number)) sweep();
      }
      done.accept(error);
    });
  }

  /** Nobody reads these slots any more. */
  void free(int slot) {
    freeing++;
    group(slot).clear(slot % AreaSizes.SLOTS, () -> {
      freeing--;
      freed.run();
    });
  }

  boolean busy() {
    if (freeing > 0) return true;
    for (Area a : areas) if (a.busy()) return true;
    return false;
  }

  /** Everything that no snapshot needs is freed; after all areas have been added. */
  void sweep() {
    map.sweep(this::free);
  }

}
