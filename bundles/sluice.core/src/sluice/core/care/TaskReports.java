package sluice.core.care;

import java.util.Map;
import java.util.TreeMap;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;

/** Tells how a task is doing: each second, and at once when it begins, waits, goes on or is done. */
final class TaskReports {
  private final CareEffects effects;
  private final CareTimes times;
  /** The newest of each task that has not ended. */
  private final Map<String, TaskStatus> newest = new TreeMap<>();
  private long next;

  TaskReports(CareEffects effects, CareTimes times) {
    this.effects = effects;
    this.times = times;
  }

  void report(String taskId, RecoveryRun run, String waitsFor) {
    Progress p = run.progress();
    TaskStatus status = TaskStatus.newBuilder().setTaskId(taskId).setDoneBytes(p.done()).setTotalBytes(p.total())
        .setBytesPerSecond(run.pace().bytesPerSecond()).setLeftMs(p.left() == 0 ? 0 : run.pace().leftMs(p.left()))
        .setWaitsFor(waitsFor).setWindowStartBytes(run.place()).setWindowEndBytes(run.windowEnd()).build();
    long now = effects.now();
    TaskStatus last = newest.getOrDefault(taskId, TaskStatus.getDefaultInstance());
    boolean atOnce = last.getTaskId().isEmpty() || !last.getWaitsFor().equals(waitsFor)
        || run.complete() && last.getDoneBytes() != p.done();
    if (!atOnce && (now - next < 0 || status.equals(last))) return;
    newest.put(taskId, status);
    next = now + times.report();
    effects.status(status);
  }

  /** Of tasks whose leg is not being filled: they stand where they stood. */
  void waiting(Ward ward, String waitsFor) {
    newest.keySet().removeIf(id -> ward.tasks.stream().noneMatch(t -> t.getId().equals(id) && open(t)));
    for (Task t : ward.tasks) {
      Leg leg = ward.legs.leg(t.getLegId());
      if (!open(t) || leg == null || !leg.stale()) continue;
      TaskStatus last = newest.get(t.getId());
      TaskStatus.Builder status = last == null ? TaskStatus.newBuilder().setTaskId(t.getId()) : last.toBuilder();
      TaskStatus waits = status.setBytesPerSecond(0).setLeftMs(0).setWaitsFor(waitsFor).setWindowStartBytes(0).setWindowEndBytes(0).build();
      if (waits.equals(last)) continue;
      newest.put(t.getId(), waits);
      effects.status(waits);
    }
  }

  private static boolean open(Task t) {
    return t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED;
  }
}
