package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** Two operations do not touch one volume or disk at a time: who comes second is told of the first. */
final class MoveConflicts {
  private MoveConflicts() {}

  /** Ids of the volumes that a task may touch. */
  static Set<String> volumes(Inventory inventory, Task task) {
    Set<String> ids = new TreeSet<>();
    switch (task.getKind()) {
      case EVACUATE, REPLACE_DISK -> ids.addAll(inventory.volumesBy.onDisk.of(task.getMove().getDiskId()));
      case REBALANCE -> ids.addAll(inventory.volumesBy.ofPool.of(task.getMove().getPoolId()));
      default -> ids.add(task.getVolumeId());
    }
    for (Volume v : inventory.volumes.all()) {
      int replacing = LegExtents.replacing(v.getLayout());
      if (replacing >= 0 && v.getLayout().getLegs(replacing).getTaskId().equals(task.getId())) ids.add(v.getId());
    }
    return ids;
  }

  static List<Task> open(Inventory inventory) {
    List<Task> open = new ArrayList<>();
    for (Task task : inventory.tasks.all()) if (MoveTasks.moves(task) && !TaskTable.isEnded(task)) open.add(task);
    return open;
  }

  /** @param what what is refused: "Disk d1 cannot be evacuated" */
  static void checkFree(Transaction t, Task begun, String what) {
    Set<String> touched = volumes(t.inventory, begun);
    for (Task other : open(t.inventory)) {
      String words = MoveTasks.words(t.inventory, other);
      for (String disk : new String[] {begun.getMove().getDiskId(), begun.getMove().getToDiskId()}) {
        if (!disk.isEmpty() && (disk.equals(other.getMove().getDiskId()) || disk.equals(other.getMove().getToDiskId()))) throw conflict(what, words, other, disk);
      }
      for (String id : volumes(t.inventory, other)) {
        if (touched.contains(id)) throw conflict(what, words + " concerns volume " + t.volume(id).getName() + " too", other, id);
      }
      if (begun.getKind() == Task.Kind.REBALANCE && other.getMove().getPoolId().equals(begun.getMove().getPoolId())) throw conflict(what, words, other, begun.getMove().getPoolId());
    }
  }

  private static Refusal conflict(String what, String why, Task other, String object) {
    return Refusal.conflict(what, why + ", and has not ended", "wait until it has, or cancel it with: sluice task cancel " + other.getId(),
        other.getId(), object);
  }

  /** A leg of the volume is being moved, or it gets other stripes: nothing else is done to its legs meanwhile. */
  static void checkVolume(Transaction t, Volume volume, String what) {
    for (Task other : open(t.inventory)) {
      boolean own = other.getKind() == Task.Kind.RELAYOUT && other.getVolumeId().equals(volume.getId());
      int replacing = LegExtents.replacing(volume.getLayout());
      if (own || replacing >= 0 && volume.getLayout().getLegs(replacing).getTaskId().equals(other.getId())) {
        throw conflict("Volume " + volume.getName() + " " + what, MoveTasks.words(t.inventory, other), other, volume.getId());
      }
    }
    if (LegExtents.replacing(volume.getLayout()) < 0) return;
    throw Refusal.conflict("Volume " + volume.getName() + " " + what, "a move of it that was cancelled is being taken back",
        "try again in a moment", volume.getId());
  }

  static void checkAlike(Volume volume, String what) {
    for (int l = 0; l < volume.getLayout().getLegsCount(); l++) {
      if (!LegExtents.own(volume.getLayout(), l)) continue;
      throw Refusal.conflict("Volume " + volume.getName() + " " + what, "its legs are striped in different ways",
          "make them alike with: sluice volume relayout " + volume.getName() + " --stripes " + volume.getStripes(), volume.getId());
    }
  }

  /** A disk takes new extents again only when nobody is moving everything off it. */
  static void checkOpens(Transaction t, Disk disk) {
    for (Task other : open(t.inventory)) {
      if (other.getMove().getDiskId().equals(disk.getId())) throw conflict("Disk " + disk.getName() + " cannot be opened", MoveTasks.words(t.inventory, other), other, disk.getId());
    }
  }

  static void checkRemoves(Transaction t, Disk disk) {
    // The server itself takes out a disk that has been replaced.
    if (t.actor().getKind() == Actor.Kind.SERVER) return;
    for (Task other : open(t.inventory)) {
      if (other.getMove().getDiskId().equals(disk.getId()) || other.getMove().getToDiskId().equals(disk.getId())) {
        throw conflict("Disk " + disk.getName() + " cannot be removed", MoveTasks.words(t.inventory, other), other, disk.getId());
      }
    }
  }

  static void checkPool(Transaction t, Pool pool, String what) {
    for (Task other : open(t.inventory)) {
      Volume volume = t.inventory.volumes.get(other.getVolumeId());
      if (other.getMove().getPoolId().equals(pool.getId()) || volume != null && volume.getPoolId().equals(pool.getId())) {
        throw conflict("Pool " + pool.getName() + " " + what, MoveTasks.words(t.inventory, other), other, pool.getId());
      }
    }
  }
}
