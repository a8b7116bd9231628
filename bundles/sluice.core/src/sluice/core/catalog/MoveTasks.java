package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.EndMoves;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.MoveWork;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RebalancePool;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.ReplaceDisk;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** The tasks that move extents: begun as a whole or not at all, counted as they go, ended by the server. */
final class MoveTasks {
  private MoveTasks() {}

  static boolean moves(Task task) {
    return switch (task.getKind()) {
      case EVACUATE, RELAYOUT, REBALANCE, REPLACE_DISK -> true;
      default -> false;
    };
  }

  /** "evacuation of disk d1" */
  static String words(Inventory inventory, Task task) {
    MoveWork work = task.getMove();
    return switch (task.getKind()) {
      case EVACUATE -> "evacuation of disk " + disk(inventory, work.getDiskId());
      case REPLACE_DISK -> "replacement of disk " + disk(inventory, work.getDiskId()) + " by disk " + disk(inventory, work.getToDiskId());
      case REBALANCE -> "rebalancing of pool " + (inventory.pools.has(work.getPoolId()) ? inventory.pools.get(work.getPoolId()).getName() : work.getPoolId());
      case RELAYOUT -> "relayout of volume " + volume(inventory, task) + " to " + stripes(work);
      default -> task.getKind().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String stripes(MoveWork work) {
    return work.getStripes() == 1 ? "linear" : work.getStripes() + " stripes of " + FieldRules.bytes(work.getStripeUnitBytes());
  }

  private static String disk(Inventory inventory, String id) {
    return inventory.disks.has(id) ? inventory.disks.get(id).getName() : id;
  }

  private static String volume(Inventory inventory, Task task) {
    return inventory.volumes.has(task.getVolumeId()) ? inventory.volumes.get(task.getVolumeId()).getName() : task.getVolumeId();
  }

  // ---- beginning

  static void evacuate(Transaction t, EvacuateDisk evacuate) {
    Disk disk = t.disk(evacuate.getDiskId());
    String what = "Disk " + disk.getName() + " cannot be evacuated";
    checkInPool(disk, what);
    Task task = task(t, evacuate.getTaskId(), Task.Kind.EVACUATE, MoveWork.newBuilder().setDiskId(disk.getId()).setPoolId(disk.getPoolId()), "");
    MoveConflicts.checkFree(t, task, what);
    t.put(disk.toBuilder().setClosed(true).build());
    checkLastCopies(t, disk, evacuate.getAvoidList(), what);
    begin(t, task, evacuate.getAvoidList(), what, disk.getId());
  }

  static void replace(Transaction t, ReplaceDisk replace) {
    Disk old = t.disk(replace.getDiskId());
    Disk now = t.disk(replace.getToDiskId());
    String what = "Disk " + old.getName() + " cannot be replaced by disk " + now.getName();
    checkInPool(old, what);
    if (old.getId().equals(now.getId())) throw Refusal.invalid(what, "it is the same disk", "name another one", old.getId());
    if (!now.getPoolId().isEmpty() && !now.getPoolId().equals(old.getPoolId())) {
      throw Refusal.conflict(what, "disk " + now.getName() + " is in pool " + t.pool(now.getPoolId()).getName(), "name one of the same pool, or of none",
          now.getId(), now.getPoolId());
    }
    for (AvoidDisk a : replace.getAvoidList()) {
      if (a.getDiskId().equals(now.getId())) throw Refusal.conflict(what, "disk " + now.getName() + ": " + a.getReason(), "see to it first", now.getId());
    }
    Task task = task(t, replace.getTaskId(), Task.Kind.REPLACE_DISK,
        MoveWork.newBuilder().setDiskId(old.getId()).setToDiskId(now.getId()).setPoolId(old.getPoolId()), "");
    MoveConflicts.checkFree(t, task, what);
    if (now.getPoolId().isEmpty()) PoolChanges.checkRoom(t, t.pool(old.getPoolId()), now);
    t.put(now.toBuilder().setPoolId(old.getPoolId()).clearSpare().clearClosed().build());
    t.put(old.toBuilder().setClosed(true).build());
    checkLastCopies(t, old, replace.getAvoidList(), what);
    begin(t, task, replace.getAvoidList(), what, old.getId(), now.getId());
  }

  static void relayout(Transaction t, RelayoutVolume relayout) {
    Volume volume = t.volume(relayout.getVolumeId());
    String what = "Volume " + volume.getName() + " cannot get other stripes";
    VolumeShape shape = VolumeShape.of(t.pool(volume.getPoolId()), volume.getName(), relayout.getStripes(),
        relayout.getStripeUnitBytes() == 0 ? volume.getLayout().getSegments(0).getStripeUnitBytes() : relayout.getStripeUnitBytes());
    Task task = task(t, relayout.getTaskId(), Task.Kind.RELAYOUT, MoveWork.newBuilder().setPoolId(volume.getPoolId()).setStripes(shape.columns())
        .setStripeUnitBytes(shape.stripeUnitBytes()), volume.getId());
    MoveConflicts.checkFree(t, task, what);
    if (new MoveChoice(t.inventory, task, List.of()).left() == 0) {
      throw Refusal.conflict(what, "it is " + stripes(task.getMove()) + " already", "choose another number of stripes", volume.getId());
    }
    begin(t, task, relayout.getAvoidList(), what, volume.getId());
  }

  static void rebalance(Transaction t, RebalancePool rebalance) {
    Pool pool = t.pool(rebalance.getPoolId());
    String what = "Pool " + pool.getName() + " cannot be rebalanced";
    Task task = task(t, rebalance.getTaskId(), Task.Kind.REBALANCE, MoveWork.newBuilder().setPoolId(pool.getId()), "");
    MoveConflicts.checkFree(t, task, what);
    begin(t, task, rebalance.getAvoidList(), what, pool.getId());
  }

  private static void checkInPool(Disk disk, String what) {
    if (disk.getPoolId().isEmpty()) throw Refusal.conflict(what, "it is in no pool, so nothing lies on it", "nothing needs to be done", disk.getId());
  }

  /** What only lies on a disk that cannot be reached cannot be copied from anywhere. */
  private static void checkLastCopies(Transaction t, Disk disk, List<AvoidDisk> avoid, String what) {
    String reason = "";
    for (AvoidDisk a : avoid) if (a.getDiskId().equals(disk.getId())) reason = a.getReason();
    if (reason.isEmpty()) return;
    List<Volume> lost = new ArrayList<>();
    for (Volume v : t.inventory.volumes(t.inventory.volumesBy.onDisk.of(disk.getId()))) {
      boolean elsewhere = false;
      for (int l = 0; l < v.getLayout().getLegsCount(); l++) elsewhere |= Legs.inSync(v, l) && !Legs.disks(v, l).contains(disk.getId());
      if (!elsewhere) lost.add(v);
    }
    if (lost.isEmpty()) return;
    throw Refusal.conflict(what, "it is " + reason + ", and the only good copy of " + VolumeWords.list(lost) + " lies on it",
        "bring the disk back first", VolumeWords.ids(disk.getId(), lost));
  }

  private static Task task(Transaction t, String id, Task.Kind kind, MoveWork.Builder work, String volumeId) {
    FieldRules.id(Kind.TASK, id);
    if (t.inventory.tasks.get(id) != null) throw Refusal.exists(Kind.TASK, id, id);
    return Task.newBuilder().setId(id).setKind(kind).setVolumeId(volumeId).setState(Task.State.RUNNING).setCreatedMs(t.timeMs()).setMove(work).build();
  }

  private static void begin(Transaction t, Task task, List<AvoidDisk> avoid, String what, String... objects) {
    MoveRehearsal rehearsal = MoveRehearsal.of(t, task, avoid);
    rehearsal.check(what);
    long total = task.getKind() == Task.Kind.REBALANCE ? rehearsal.bytes() : new MoveChoice(t.inventory, task, avoid).left();
    if (task.getKind() == Task.Kind.REBALANCE && total == 0) {
      throw Refusal.conflict(what, rehearsal.why("its disks are filled alike already"), "nothing needs to be done", objects);
    }
    Task begun = task.toBuilder().setMove(task.getMove().toBuilder().setTotalBytes(total)).build();
    t.put(RecoveryTasks.step(t, begun, "begun by " + t.actorWords() + ": " + FieldRules.bytes(total) + " to move"));
    t.about(objects);
    t.about(task.getId());
    t.info("moves-begun", words(t.inventory, task) + " begun, " + FieldRules.bytes(total) + " to move,", objects);
  }

  // ---- going on, and ending

  /** A leg has taken another's place. */
  static void moved(Transaction t, String taskId, long bytes, String step) {
    Task task = t.inventory.tasks.get(taskId);
    if (task == null || TaskTable.isEnded(task)) return;
    MoveWork work = task.getMove();
    long done = Math.max(work.getMovedBytes(), task.getKind() == Task.Kind.REBALANCE ? work.getMovedBytes() + bytes
        : work.getTotalBytes() - new MoveChoice(t.inventory, task, List.of()).left());
    t.put(RecoveryTasks.step(t, task.toBuilder().setMove(work.toBuilder().setMovedBytes(Math.min(done, work.getTotalBytes()))).build(), step));
  }

  static void end(Transaction t, EndMoves end) {
    Task task = t.task(end.getTaskId());
    t.about(task.getId());
    if (!moves(task) || TaskTable.isEnded(task)) {
      throw Refusal.conflict("The task cannot be ended", "it has ended, or is not one that moves legs", "look again, and decide anew", task.getId());
    }
    String words = words(t.inventory, task);
    if (end.getFailure().isEmpty()) {
      MoveWork work = task.getMove();
      if (new MoveChoice(t.inventory, task, List.of()).left() > 0) {
        throw Refusal.conflict("The " + words + " is not done", "there is more to move", "look again, and decide anew", task.getId());
      }
      Task done = task.toBuilder().setMove(work.toBuilder().setMovedBytes(work.getTotalBytes())).build();
      RecoveryTasks.end(t, done, Task.State.DONE, "all is moved");
      t.event(Severity.INFO, "moves-done", words + " done, " + FieldRules.bytes(work.getTotalBytes()) + " moved", objects(task));
    } else {
      open(t, task);
      RecoveryTasks.end(t, task, Task.State.FAILED, Words.cut(end.getFailure(), CatalogLimits.TEXT_CHARS));
      t.event(Severity.ERROR, "moves-failed", words + " failed: " + Words.cut(end.getFailure(), CatalogLimits.TEXT_CHARS), objects(task));
    }
  }

  /** Its legs that are under way are taken back by the server, which sees that it has ended. */
  static void cancelled(Transaction t, Task task) {
    open(t, task);
  }

  private static void open(Transaction t, Task task) {
    Disk disk = t.inventory.disks.get(task.getMove().getDiskId());
    if (disk != null && disk.getClosed()) t.put(disk.toBuilder().clearClosed().build());
  }

  private static String[] objects(Task task) {
    List<String> ids = new ArrayList<>();
    for (String id : List.of(task.getId(), task.getVolumeId(), task.getMove().getDiskId(), task.getMove().getPoolId())) if (!id.isEmpty()) ids.add(id);
    return ids.toArray(String[]::new);
  }

}
