package sluice.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.UUID;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStep;
import sluice.protocol.v1.Volume;

/** The tasks that bring legs up to date, as changes of legs and volumes make, move and end them. */
final class RecoveryTasks {
  private RecoveryTasks() {}

  static Task begin(Transaction t, Volume volume, String legId, String taskId, String step) {
    Task task = Task.newBuilder().setId(taskId).setKind(Task.Kind.RECOVERY).setVolumeId(volume.getId()).setLegId(legId)
        .setState(Task.State.RUNNING).setCreatedMs(t.timeMs()).build();
    Task begun = step(t, task, step);
    t.put(begun);
    return begun;
  }

  /** For a leg that came in the middle of its recovery from a pool's disks; the id follows from what it is about. */
  static void resumeImported(Transaction t, Volume volume, String legId) {
    String name = "recovery " + volume.getId() + " " + legId + " " + volume.getLayout().getEpoch() + " " + t.timeMs();
    String id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    if (t.inventory.tasks.openOfLeg(legId) == null) begin(t, volume, legId, id, "goes on after the import of its pool");
  }

  /** A step in its history, if there is such a task. */
  static void note(Transaction t, String legId, String step) {
    Task task = t.inventory.tasks.openOfLeg(legId);
    if (task != null) t.put(step(t, task, step));
  }

  static void move(Transaction t, String fromLegId, String toLegId, String step) {
    Task task = t.inventory.tasks.openOfLeg(fromLegId);
    if (task != null) t.put(step(t, task.toBuilder().setLegId(toLegId).build(), step));
  }

  static void end(Transaction t, String legId, Task.State state, String reason) {
    Task task = t.inventory.tasks.openOfLeg(legId);
    if (task != null) end(t, task, state, reason);
  }

  static void end(Transaction t, Task task, Task.State state, String reason) {
    Task.Builder ended = task.toBuilder().setState(state).setEndedMs(t.timeMs()).clearReason();
    if (state != Task.State.DONE) ended.setReason(reason);
    t.put(step(t, ended.build(), reason));
    while (t.inventory.tasks.endedCount() > CatalogLimits.ENDED_TASKS) t.remove(t.inventory.tasks.oldestEnded());
  }

  /** The volume is no more. */
  static void endAll(Transaction t, String volumeId, String reason) {
    for (String id : new ArrayList<>(t.inventory.tasks.ofVolume(volumeId))) {
      Task task = t.inventory.tasks.get(id);
      if (task != null && !TaskTable.isEnded(task)) end(t, task, Task.State.CANCELLED, reason);
    }
  }

  /** The volume goes away with its pool; if it comes back, its legs are recovered by other tasks. */
  static void forgetOpen(Transaction t, String volumeId) {
    for (String id : new ArrayList<>(t.inventory.tasks.ofVolume(volumeId))) {
      Task task = t.inventory.tasks.get(id);
      if (!TaskTable.isEnded(task)) t.remove(task);
    }
  }

  /** The newest {@link CatalogLimits#TASK_STEPS}. */
  static Task step(Transaction t, Task task, String text) {
    Task.Builder now = task.toBuilder();
    now.addHistory(TaskStep.newBuilder().setTimeMs(t.timeMs()).setText(Words.cut(text, CatalogLimits.TEXT_CHARS)));
    while (now.getHistoryCount() > CatalogLimits.TASK_STEPS) now.removeHistory(0);
    return now.build();
  }
}
