package sluice.core.catalog;

import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/** What an administrator does to tasks. Asking for what is so already changes nothing; what has ended stays as it is. */
final class TaskChanges {
  private TaskChanges() {}

  static void control(Transaction t, ControlTask control) {
    Task old = t.task(control.getTaskId());
    t.about(old.getId(), old.getVolumeId());
    String what = words(t, old);
    if (TaskTable.isEnded(old)) {
      throw Refusal.conflict("The " + what + " cannot be changed", "it has ended: " + state(old),
          old.getKind() == Task.Kind.VERIFY ? "begin a new one with: sluice volume verify " + volumeName(t, old) : again(t, old), old.getId(), old.getVolumeId());
    }
    switch (control.getAction()) {
      case PAUSE -> {
        if (old.getState() == Task.State.PAUSED) return;
        String reason = "paused by " + t.actorWords();
        t.put(RecoveryTasks.step(t, old.toBuilder().setState(Task.State.PAUSED).setReason(reason).build(), reason));
        t.info("task-paused", what + " paused", old.getId(), old.getVolumeId());
      }
      case RESUME -> {
        if (old.getState() == Task.State.RUNNING) return;
        t.put(RecoveryTasks.step(t, old.toBuilder().setState(Task.State.RUNNING).clearReason().build(), "resumed by " + t.actorWords()));
        t.info("task-resumed", what + " resumed", old.getId(), old.getVolumeId());
      }
      case CANCEL -> {
        String back = RelayoutUndo.begin(t, old);
        if (MoveTasks.moves(old)) MoveTasks.cancelled(t, old);
        RecoveryTasks.end(t, old, Task.State.CANCELLED, "cancelled by " + t.actorWords() + (back.isEmpty() ? "" : "; taken back by task " + back));
        t.info("task-cancelled", what + " cancelled", old.getId(), old.getVolumeId());
      }
      case THROTTLE -> {
        long rate = control.getMaxBytesPerSecond();
        if (rate < 0) throw Refusal.invalid("The rate is too large", "it is below 8 EiB a second", "choose one like 50MiB, or 0 for the pool's");
        if (rate == old.getMaxBytesPerSecond()) return;
        String to = ActionWords.rate(rate, "the pool's rate");
        t.put(RecoveryTasks.step(t, old.toBuilder().setMaxBytesPerSecond(rate).build(), "set to " + to + " by " + t.actorWords()));
        t.info("task-throttled", what + " set to " + to, old.getId(), old.getVolumeId());
      }
      default -> throw Refusal.invalid("It is not said what to do with the " + what, "a task is paused, resumed, cancelled or throttled",
          "choose one of them", old.getId());
    }
  }

  /** "recovery of leg 2 of volume v1" */
  private static String words(Transaction t, Task task) {
    if (MoveTasks.moves(task)) return MoveTasks.words(t.inventory, task);
    Volume volume = t.inventory.volumes.get(task.getVolumeId());
    if (task.getKind() == Task.Kind.VERIFY) return "verification of volume " + volumeName(t, task);
    int leg = volume == null ? -1 : Legs.index(volume, task.getLegId());
    return "recovery of " + (leg < 0 ? "a leg that is gone" : "leg " + (leg + 1)) + " of volume " + volumeName(t, task);
  }

  /** How to begin anew what has ended. */
  private static String again(Transaction t, Task task) {
    return switch (task.getKind()) {
      case EVACUATE -> "begin a new one with: sluice disk evacuate";
      case REPLACE_DISK -> "begin a new one with: sluice disk replace";
      case REBALANCE -> "begin a new one with: sluice pool rebalance";
      case RELAYOUT -> "begin a new one with: sluice volume relayout " + volumeName(t, task);
      default -> "begin a new one with: sluice volume recover " + volumeName(t, task);
    };
  }

  private static String volumeName(Transaction t, Task task) {
    Volume volume = t.inventory.volumes.get(task.getVolumeId());
    return volume == null ? task.getVolumeId() : volume.getName();
  }

  private static String state(Task task) {
    return switch (task.getState()) {
      case DONE -> "done";
      case CANCELLED -> task.getReason();
      default -> "failed: " + task.getReason();
    };
  }
}
