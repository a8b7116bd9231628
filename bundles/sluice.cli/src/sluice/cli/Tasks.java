package sluice.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Moments;
import sluice.cli.output.Near;
import sluice.cli.output.Table;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

/** A picture's long operations, in words. Pure. */
final class Tasks {
  /** As many characters of an id as are shown, and suffice to name a task. */
  static final int SHORT = 8;

  private Tasks() {}

  /** By id, by the first characters of it, or by the volume's name if only one task of it has not ended; if none, the last. */
  static Task find(Picture p, String typed) {
    List<Task> found = new ArrayList<>();
    Names names = new Names(p);
    for (Task t : p.getTasksList()) {
      if (t.getId().equals(typed)) return t;
      if (typed.length() >= 4 && t.getId().startsWith(typed)) found.add(t);
    }
    if (found.isEmpty()) for (Task t : p.getTasksList()) if (!ended(t) && names.of(about(t)).equals(typed)) found.add(t);
    if (found.isEmpty()) {
      // Of a volume, disk or pool nothing of which is at work: what was last.
      Task last = null;
      for (Task t : p.getTasksList()) if (names.of(about(t)).equals(typed) && (last == null || t.getEndedMs() >= last.getEndedMs())) last = t;
      if (last != null) return last;
    }
    if (found.size() == 1) return found.get(0);
    if (found.size() > 1) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + typed + "' may be any of " + found.size() + " tasks", "",
          "give more of its id, as in 'sluice task list -o json'");
    }
    Near.require("task", typed, p.getTasksList().stream().map(t -> t.getId().substring(0, Math.min(SHORT, t.getId().length()))).toList());
    throw new IllegalStateException("a task that is known was not found");
  }

  /** The id of the volume of that name, if one of its legs is to be recovered and no task of it is at work; otherwise null. */
  static String beginning(Picture p, String typed) {
    for (Volume v : p.getVolumesList()) {
      if (v.getName().equals(typed) && !LegTable.degraded(v).isEmpty() && atWork(p, v.getId()) == null) return v.getId();
    }
    return null;
  }

  /** The first task of the volume that has not ended; null if there is none. */
  static Task atWork(Picture p, String volumeId) {
    for (Task t : p.getTasksList()) if (!ended(t) && t.getVolumeId().equals(volumeId)) return t;
    return null;
  }

  /** What is being copied at the moment: "at 64 MiB to 128 MiB"; empty if nothing is. */
  static String window(Task t, TaskStatus s) {
    if (ended(t) || s.getWindowEndBytes() <= s.getWindowStartBytes()) return "";
    return "at " + new ByteSize(s.getWindowStartBytes()) + " to " + new ByteSize(s.getWindowEndBytes());
  }

  static TaskStatus status(Picture p, Task task) {
    for (TaskStatus s : p.getTaskStatusList()) if (s.getTaskId().equals(task.getId())) return s;
    return TaskStatus.getDefaultInstance();
  }

  static boolean ended(Task t) {
    return switch (t.getState()) {
      case DONE, FAILED, CANCELLED -> true;
      default -> false;
    };
  }

  static String state(Task t) {
    return t.getState().name().toLowerCase(Locale.ROOT);
  }

  static String kind(Task t) {
    return t.getKind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Id of what the task is about: a volume, disk or pool. */
  static String about(Task t) {
    return switch (t.getKind()) {
      case EVACUATE, REPLACE_DISK -> t.getMove().getDiskId();
      case REBALANCE -> t.getMove().getPoolId();
      default -> t.getVolumeId();
    };
  }

  /** "recovery of volume v1", "evacuation of disk d1". */
  static String what(Names names, Task t) {
    String name = names.of(about(t));
    return switch (t.getKind()) {
      case EVACUATE -> "evacuation of disk " + name;
      case REPLACE_DISK -> "replacement of disk " + name + " by disk " + names.of(t.getMove().getToDiskId());
      case REBALANCE -> "rebalancing of pool " + name;
      case RELAYOUT -> "relayout of volume " + name + " to " + (t.getMove().getStripes() == 1 ? "linear"
          : t.getMove().getStripes() + " stripes of " + new ByteSize(t.getMove().getStripeUnitBytes()));
      default -> kind(t) + " of volume " + name;
    };
  }

  /** "42.3 %"; never 100 before the end. */
  static String percent(Task t, TaskStatus s) {
    if (t.getState() == Task.State.DONE) return "100 %";
    if (t.hasMove() && s.getTotalBytes() == 0 && t.getMove().getTotalBytes() > 0) return percent(t.getMove().getMovedBytes(), t.getMove().getTotalBytes());
    if (s.getTotalBytes() == 0) return "";
    return percent(s.getDoneBytes(), s.getTotalBytes());
  }

  private static String percent(long done, long total) {
    double part = Math.min(99.9, Math.floor(1000.0 * done / total) / 10);
    return String.format(Locale.ROOT, "%.1f %%", part);
  }

  /** What it is doing, or why it does nothing. */
  static String words(Task t, TaskStatus s) {
    if (ended(t) || t.getState() == Task.State.PAUSED) return t.getReason();
    if (!s.getWaitsFor().isEmpty()) return "waits: " + s.getWaitsFor();
    if (s.getTotalBytes() == 0) return "is being prepared";
    String rate = new ByteSize(s.getBytesPerSecond()) + "/s";
    return s.getLeftMs() == 0 ? rate : rate + ", about " + Moments.duration(s.getLeftMs()) + " left";
  }

  static Table table(Picture p, List<Task> tasks) {
    Names names = new Names(p);
    Table table = new Table().text("TASK", "KIND", "OF", "LEG", "STATE").number("DONE").text("SINCE", "WHAT");
    for (Task t : tasks) {
      TaskStatus s = status(p, t);
      long since = ended(t) ? t.getEndedMs() : t.getCreatedMs();
      table.row(t.getId().substring(0, Math.min(SHORT, t.getId().length())), kind(t), names.of(about(t)),
          LegTable.number(p, t.getVolumeId(), t.getLegId()), state(t), percent(t, s), Moments.at(since), words(t, s));
    }
    return table;
  }

  static Map<String, Object> tree(Picture p, Task t) {
    Map<String, Object> tree = new LinkedHashMap<>(MessageJson.of(t));
    tree.put("volume", new Names(p).of(t.getVolumeId()));
    tree.put("status", MessageJson.of(status(p, t)));
    return tree;
  }
}
