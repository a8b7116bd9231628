package sluice.core.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sluice.core.layout.LayoutRules;
import sluice.core.placement.PlacedSegment;
import sluice.core.placement.Placement;
import sluice.core.placement.PlacementDisk;
import sluice.core.placement.PlacementRequest;
import sluice.core.placement.Placer;
import sluice.core.space.DiskExtent;
import sluice.core.space.DiskSpace;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Pool;

/** Finds room for one leg of a volume, with or without an extent for its write intents beside it. Changes nothing. */
final class LegPlacer {
  /**
   * A leg's room.
   *
   * @param placement of its columns; possibly not placed
   * @param intents on the disk of the first column; null without
   * @param considered what was thought of every disk of the pool
   */
  record Placed(Placement placement, DiskExtent intents, Placement considered) {
    boolean ok() {
      return placement.placed();
    }

    /** Ids, in order. */
    Set<String> disks() {
      Set<String> disks = new TreeSet<>();
      for (PlacedSegment s : placement.segments()) for (DiskExtent e : s.columns()) disks.add(e.diskId());
      return disks;
    }
  }

  private final Inventory inventory;
  private final Pool pool;
  private final VolumeShape shape;

  LegPlacer(Inventory inventory, Pool pool, VolumeShape shape) {
    this.inventory = inventory;
    this.pool = pool;
    this.shape = shape;
  }

  /** What the write intents take of a disk: 1 MiB in whole units. */
  static long intentsBytes(Pool pool) {
    return Math.max(LayoutRules.INTENTS_BYTES, pool.getUnitBytes());
  }

  /** On the disks that are best without the intents, if these fit too; otherwise on any that have room for both. */
  Placed withIntents(long columnBytes, Avoidance avoid) {
    Placed best = without(columnBytes, avoid, List.of());
    if (!best.ok()) return best;
    Set<String> chosen = best.disks();
    Placed both = reserving(columnBytes, avoid, avoid.disks().stream().filter(d -> chosen.contains(d.getId())).toList());
    return both.ok() ? new Placed(both.placement(), both.intents(), best.placement()) : reserving(columnBytes, avoid, avoid.disks());
  }

  /**
   * Every disk keeps room for the intents while columns are placed, so that the first column's has it in any case. They lie
   * before the columns, where they are not in the way when the volume grows.
   */
  private Placed reserving(long columnBytes, Avoidance avoid, List<Disk> among) {
    Map<String, DiskExtent> reserved = new HashMap<>();
    Avoidance avoided = avoid.copy();
    List<PlacementDisk> disks = new ArrayList<>();
    for (Disk disk : among) {
      DiskSpace space = space(disk.getId());
      if (!avoid.reasons().containsKey(disk.getId())) {
        DiskExtent intents = intentsOn(disk.getId());
        if (intents == null) {
          avoided.disk(disk.getId(), "no room for write intents of " + FieldRules.bytes(intentsBytes(pool)));
        } else {
          space = space.copy();
          space.allocate(intents.offset(), intents.length());
          reserved.put(disk.getId(), intents);
        }
      }
      disks.add(placementDisk(disk, space));
    }
    Placement placement = place(disks, columnBytes, avoided);
    DiskExtent intents = placement.placed() ? reserved.get(placement.segments().get(0).columns().get(0).diskId()) : null;
    return new Placed(placement, intents, placement);
  }

  /** @param planned extents that are as good as taken */
  Placed without(long columnBytes, Avoidance avoid, List<DiskExtent> planned) {
    Map<String, DiskSpace> copies = new HashMap<>();
    for (DiskExtent e : planned) copies.computeIfAbsent(e.diskId(), id -> space(id).copy()).allocate(e.offset(), e.length());
    List<PlacementDisk> disks = new ArrayList<>();
    // both in order of id, and the same ones
    Iterator<DiskSpace> spaces = inventory.space(pool.getId()).disks().values().iterator();
    for (Disk disk : avoid.disks()) disks.add(placementDisk(disk, copies.getOrDefault(disk.getId(), spaces.next())));
    Placement placement = place(disks, columnBytes, avoid);
    return new Placed(placement, null, placement);
  }

  private Placement place(List<PlacementDisk> disks, long columnBytes, Avoidance avoid) {
    return Placer.place(disks, new PlacementRequest(shape.columns(), columnBytes, shape.granule(), CatalogLimits.SEGMENTS, avoid.reasons()));
  }

  private static PlacementDisk placementDisk(Disk disk, DiskSpace space) {
    return new PlacementDisk(disk.getId(), disk.getName(), disk.getDomain(), space);
  }

  /** In the shortest free run that holds them, to keep the long ones; null if there is none. */
  DiskExtent intentsOn(String diskId) {
    return intentsOn(diskId, List.of());
  }

  /** @param planned extents that are as good as taken */
  DiskExtent intentsOn(String diskId, List<DiskExtent> planned) {
    DiskSpace space = space(diskId).copy();
    for (DiskExtent e : planned) if (e.diskId().equals(diskId)) space.allocate(e.offset(), e.length());
    return shortest(diskId, space, intentsBytes(pool));
  }

  /** In the shortest free run that holds so many bytes; null if there is none. */
  static DiskExtent shortest(String diskId, DiskSpace space, long bytes) {
    Map.Entry<Long, Long> best = null;
    for (Map.Entry<Long, Long> run : space.freeRuns().entrySet()) {
      if (run.getValue() >= bytes && (best == null || run.getValue() < best.getValue())) best = run;
    }
    return best == null ? null : new DiskExtent(diskId, best.getKey(), bytes);
  }

  DiskSpace space(String diskId) {
    return inventory.space(pool.getId()).disks().get(diskId);
  }
}
