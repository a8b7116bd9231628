package sluice.core.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import sluice.core.space.DiskExtent;
import sluice.core.space.DiskSpace;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.MoveWork;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** What a task that moves extents has to do next, and how much is left. Follows from what is, so it is the same after any restart. */
final class MoveChoice {
  /** Disks whose fill differs from the pool's by less than this part of themselves are filled alike. */
  private static final int TOLERANCE = 50;

  private final Inventory inventory;
  private final Task task;
  private final MoveWork work;
  private final List<AvoidDisk> avoid;

  MoveChoice(Inventory inventory, Task task, List<AvoidDisk> avoid) {
    this.inventory = inventory;
    this.task = task;
    this.avoid = avoid;
    work = task.getMove();
  }

  /** Without ids and epoch; null: there is nothing that could be begun now. @param skip volumes that are busy or blocked */
  MoveLeg next(Set<String> skip) {
    return switch (task.getKind()) {
      case EVACUATE, REPLACE_DISK -> off(skip);
      case RELAYOUT -> restriped(skip);
      case REBALANCE -> levelled(skip);
      default -> null;
    };
  }

  /** Bytes that are yet to be moved, but of REBALANCE, which finds out as it goes: 0. */
  long left() {
    long bytes = 0;
    switch (task.getKind()) {
      case EVACUATE, REPLACE_DISK -> {
        for (Volume v : inventory.volumes(inventory.volumesBy.onDisk.of(work.getDiskId()))) {
          for (int l = 0; l < Legs.count(v); l++) if (!replaces(v, l)) bytes += on(v, l, work.getDiskId());
        }
      }
      case RELAYOUT -> {
        Volume v = inventory.volumes.get(task.getVolumeId());
        for (int l = 0; v != null && l < Legs.count(v); l++) if (!replaces(v, l) && !striped(v, l)) bytes += v.getSizeBytes();
      }
      default -> {}
    }
    return bytes;
  }

  private static boolean replaces(Volume v, int leg) {
    return leg == LegExtents.replacing(v.getLayout());
  }

  static long on(Volume v, int leg, String diskId) {
    long bytes = 0;
    for (var e : LegExtents.of(v.getLayout(), leg)) if (e.getDiskId().equals(diskId)) bytes += e.getLengthBytes();
    return bytes;
  }

  private boolean striped(Volume v, int leg) {
    return striped(v, leg, work);
  }

  /** Is the leg striped as that wants it? */
  static boolean striped(Volume v, int leg, MoveWork work) {
    return LegExtents.stripes(v.getLayout(), leg) == work.getStripes()
        && (work.getStripes() == 1 || LegExtents.stripeUnit(v.getLayout(), leg) == work.getStripeUnitBytes());
  }

  private static boolean movable(Volume v, int leg) {
    return LegExtents.replacing(v.getLayout()) < 0 && (v.getLayout().getLegsCount() == 0 || Legs.inSync(v, leg));
  }

  private MoveLeg.Builder leg(Volume v, int leg) {
    String id = v.getLayout().getLegsCount() == 0 ? "" : v.getLayout().getLegs(leg).getId();
    return MoveLeg.newBuilder().setVolumeId(v.getId()).setLegId(id).setTaskId(task.getId());
  }

  /** Volumes that have write intents first: those that have none need room for them on the disk that is to become empty. */
  private MoveLeg off(Set<String> skip) {
    if (!inventory.disks.has(work.getDiskId())) return null;
    List<Volume> on = new ArrayList<>(inventory.volumes(inventory.volumesBy.onDisk.of(work.getDiskId())));
    on.sort(Comparator.comparing((Volume v) -> v.getLayout().getLegsCount() == 0));
    for (Volume v : on) {
      if (skip.contains(v.getId())) continue;
      for (int l = 0; l < Legs.count(v); l++) {
        if (!Legs.disks(v, l).contains(work.getDiskId()) || !movable(v, l)) continue;
        return leg(v, l).setFromDiskId(work.getDiskId()).setToDiskId(work.getToDiskId()).build();
      }
    }
    return null;
  }

  private MoveLeg restriped(Set<String> skip) {
    Volume v = inventory.volumes.get(task.getVolumeId());
    if (v == null || skip.contains(v.getId())) return null;
    for (int l = 0; l < Legs.count(v); l++) if (!striped(v, l) && movable(v, l)) return leg(v, l).build();
    return null;
  }

  // ---- rebalancing

  /** @param over bytes beyond its share of what is allocated; negative: below it */
  private record Level(Disk disk, long over) {}

  /** From the fullest disk to the emptiest, what fits best; then from and to the next ones. */
  private MoveLeg levelled(Set<String> skip) {
    List<Level> levels = levels();
    levels.sort(Comparator.comparingLong(Level::over).reversed().thenComparing(l -> l.disk.getName()));
    long unit = inventory.pools.has(work.getPoolId()) ? inventory.pools.get(work.getPoolId()).getUnitBytes() : 1;
    for (Level full : levels) {
      for (int e = levels.size() - 1; e >= 0; e--) {
        Level empty = levels.get(e);
        long bytes = Math.min(full.over, -empty.over) / unit * unit;
        if (full.over < tolerance(full) || bytes < Math.max(unit, tolerance(empty) / 2)) break;
        MoveLeg move = between(full.disk, empty.disk, bytes, skip);
        if (move != null) return move;
      }
    }
    return null;
  }

  private long tolerance(Level level) {
    DiskSpace space = inventory.space(work.getPoolId()).disks().get(level.disk.getId());
    return Math.max(inventory.pools.get(work.getPoolId()).getUnitBytes(), space.total() / TOLERANCE);
  }

  private List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    if (!inventory.pools.has(work.getPoolId())) return levels;
    double total = 0;
    double allocated = 0;
    List<Disk> disks = new ArrayList<>();
    for (Disk disk : inventory.disksOfPool(work.getPoolId())) {
      if (disk.getSpare() || disk.getClosed() || avoid.stream().anyMatch(a -> a.getDiskId().equals(disk.getId()))) continue;
      DiskSpace space = inventory.space(work.getPoolId()).disks().get(disk.getId());
      disks.add(disk);
      total += space.total();
      allocated += space.allocated();
    }
    for (Disk disk : disks) {
      DiskSpace space = inventory.space(work.getPoolId()).disks().get(disk.getId());
      levels.add(new Level(disk, space.allocated() - (long) (allocated / total * space.total())));
    }
    return levels;
  }

  /** The largest part that may go there, so that it takes few moves. */
  private MoveLeg between(Disk from, Disk to, long bytes, Set<String> skip) {
    MoveLeg best = null;
    long most = 0;
    for (Volume v : inventory.volumes(inventory.volumesBy.onDisk.of(from.getId()))) {
      if (skip.contains(v.getId())) continue;
      for (int l = 0; l < Legs.count(v); l++) {
        if (!movable(v, l) || LegExtents.own(v.getLayout(), l)) continue;
        long part = Math.min(bytes, on(v, l, from.getId()));
        if (part <= most || !fits(v, l, from.getId(), to.getId(), part)) continue;
        most = part;
        best = leg(v, l).setFromDiskId(from.getId()).setToDiskId(to.getId()).setMaxBytes(part).build();
      }
    }
    return best;
  }

  private boolean fits(Volume v, int leg, String from, String to, long bytes) {
    try {
      MoveSpace.Room room = new MoveSpace(inventory, v, leg, Avoidance.of(inventory, v.getPoolId(), avoid)).off(from, to, bytes, true);
      long moved = 0;
      for (DiskExtent e : room.taken()) moved += e.length();
      if (v.getLayout().getLegsCount() > 0) return moved > 0;
      return LegPlaces.hasRoomForIntents(inventory, v, room.taken());
    } catch (Refusal noRoom) {
      return false;
    }
  }
}
