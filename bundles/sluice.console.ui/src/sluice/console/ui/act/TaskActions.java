package sluice.console.ui.act;

import java.util.List;
import java.util.function.Function;
import sluice.api.ByteSize;
import sluice.console.ui.clusters.Clusters;
import sluice.model.Task;
import sluice.model.TaskState;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.Role;

/** Long operations: pause, resume, throttle, cancel. */
final class TaskActions {
  private TaskActions() {}

  static List<SanAction> all() {
    return List.of(
        action("task.pause", "Pause", "pause", "Let the task stand still where it is. It can be resumed, also after a restart.",
            t -> t.getState() == TaskState.RUNNING ? "" : "it is not running", ControlTask.Action.PAUSE),
        action("task.resume", "Resume", "resume", "Let the task go on where it stood still.",
            t -> t.getState() == TaskState.PAUSED ? "" : "it is not paused", ControlTask.Action.RESUME),
        new SanAction("task.throttle", "Throttle\u2026", "throttle", "Limit how much the task copies in a second.",
            Rules.one(Task.class), Rules.all(Rules.may(Role.OPERATOR), Rules.about(Task.class, TaskActions::over)), TaskActions::throttle),
        new SanAction("task.cancel", "Cancel\u2026", "cancel", "End the task. A recovery that is cancelled leaves its copy stale until it is recovered again.",
            Rules.one(Task.class), Rules.all(Rules.may(Role.OPERATOR), Rules.about(Task.class, TaskActions::over)), TaskActions::cancel));
  }

  private static SanAction action(String id, String label, String icon, String describe, Function<Task, String> not, ControlTask.Action what) {
    return new SanAction(id, label, icon, describe, Rules.one(Task.class), Rules.all(Rules.may(Role.OPERATOR), Rules.about(Task.class, not)),
        s -> s.one(Task.class).ifPresent(t -> control(s, label + " " + Clusters.describe(t), t, what, 0)));
  }

  private static String over(Task t) {
    return t.getState() == TaskState.RUNNING || t.getState() == TaskState.PAUSED ? "" : "it has ended";
  }

  static void control(Subject s, String doing, Task t, ControlTask.Action what, long rate) {
    Ask.change(s, doing, Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(t.getId()).setAction(what).setMaxBytesPerSecond(rate)));
  }

  private static void throttle(Subject s) {
    s.one(Task.class).ifPresent(t -> {
      String now = t.getMaxBytesPerSecond() == 0 ? "" : new ByteSize(t.getMaxBytesPerSecond()).toString();
      Confirm.text(s.window().getShell(), "Throttle " + Clusters.describe(t), "At most how much in a second? Like 20M or 1G; empty: as the pool says.", now, Inputs::rate)
          .ifPresent(text -> control(s, "Throttle " + Clusters.describe(t), t, ControlTask.Action.THROTTLE, text.isBlank() ? 0 : Inputs.bytes(text)));
    });
  }

  private static void cancel(Subject s) {
    s.one(Task.class).ifPresent(t -> {
      String name = Clusters.name(t.getSan(), t.getVolumeId());
      if (Confirm.byName(s.window().getShell(), "Cancel", "The " + Clusters.describe(t) + " is ended; its volume stays as safe, or as unsafe, as it is now.", name)) {
        control(s, "Cancel " + Clusters.describe(t), t, ControlTask.Action.CANCEL, 0);
      }
    });
  }
}
