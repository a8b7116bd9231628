package sluice.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sluice.api.ByteSize;
import sluice.cli.output.Moments;
import sluice.cli.output.Table;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.DifferentRange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.TaskStep;
import sluice.protocol.v1.Verification;

/** The noun {@code task}. */
@Command(
    name = "task",
    description = "Long operations: see how far they are, pause, cancel or slow them down.",
    synopsisSubcommandLabel = "VERB",
    subcommands = {
      TaskCommands.ListAll.class, TaskCommands.Show.class, TaskWatch.class, TaskCommands.Pause.class,
      TaskCommands.Resume.class, TaskCommands.Cancel.class, TaskCommands.Throttle.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice task list", "  sluice task watch v1"})
final class TaskCommands {
  static final String WHICH = "Its id, the first characters of it, or the name of the volume, disk or pool if only one task of it is at work.";

  @Command(name = "list", description = "List tasks: those at work, and those that have ended.", footerHeading = "%nExamples:%n",
      footer = {"  sluice task list", "  sluice task list --running -o json"})
  static final class ListAll extends RemoteCommand {
    @Option(names = "--running", description = "Only those that have not ended.")
    boolean running;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      List<Task> tasks = p.getTasksList().stream().filter(t -> !running || !Tasks.ended(t)).toList();
      show(() -> tasks.stream().map(t -> Tasks.tree(p, t)).toList(),
          () -> Tasks.table(p, tasks).print(context().out(), running ? "Nothing is at work." : "There have been no tasks."));
      return 0;
    }
  }

  @Command(name = "show", description = "Show a task: what it is for, how far it is, what became of it.", footerHeading = "%nExamples:%n",
      footer = {"  sluice task show v1", "  sluice task show 3f2a -o json"})
  static final class Show extends RemoteCommand {
    @Parameters(paramLabel = "TASK", description = WHICH)
    String task;

    @Override
    protected int run(ClusterSession session) {
      Picture p = session.picture();
      Task t = Tasks.find(p, task);
      show(() -> Tasks.tree(p, t), () -> print(p, t));
      return 0;
    }

    private void print(Picture p, Task t) {
      TaskStatus s = Tasks.status(p, t);
      say("task     " + t.getId());
      say("what     " + Tasks.what(new Names(p), t) + leg(LegTable.number(p, t.getVolumeId(), t.getLegId())));
      say("state    " + Tasks.state(t) + (Tasks.percent(t, s).isEmpty() ? "" : ", " + Tasks.percent(t, s)));
      String words = Tasks.words(t, s);
      if (!words.isEmpty()) say(Table.printable("         " + words));
      if (!Tasks.ended(t) && s.getWindowEndBytes() > s.getWindowStartBytes()) {
        say("window   bytes " + s.getWindowStartBytes() + " to " + s.getWindowEndBytes());
      }
      say("at most  " + Rates.words(t.getMaxBytesPerSecond(), "what the pool allows"));
      say("created  " + Moments.at(t.getCreatedMs()));
      if (t.getEndedMs() != 0) say("ended    " + Moments.at(t.getEndedMs()));
      if (t.hasVerification()) print(t.getVerification());
      say("");
      Table history = new Table().text("TIME", "WHAT");
      for (TaskStep step : t.getHistoryList()) history.row(Moments.at(step.getTimeMs()), step.getText());
      history.print(context().out(), "It has no history.");
    }

    private void print(Verification v) {
      say("compared " + new ByteSize(v.getVerifiedBytes()) + ", of which " + new ByteSize(v.getDifferentBytes()) + " differed"
          + (v.getRepairedBytes() == 0 ? "" : " and " + new ByteSize(v.getRepairedBytes()) + " were repaired"));
      if (v.getRangesCount() == 0) return;
      say("");
      Table ranges = new Table().number("OFFSET", "BYTES").text("REPAIRED", "WHAT");
      for (DifferentRange r : v.getRangesList()) {
        ranges.row(r.getStartBytes(), r.getEndBytes() - r.getStartBytes(), r.getRepaired() ? "yes" : "no", r.getText());
      }
      ranges.print(context().out(), "");
      if (v.getMoreRanges() > 0) say("and " + v.getMoreRanges() + " more");
    }

    private static String leg(String number) {
      return number.isEmpty() ? "" : ", leg " + number;
    }
  }

  /** A verb that changes one task. */
  abstract static class Control extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "TASK", description = WHICH)
    String task;

    final int control(ClusterSession session, ControlTask.Action action, long rate, String done) {
      Picture p = session.picture();
      Task t = Tasks.find(p, task);
      return change(session, Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(t.getId()).setAction(action)
          .setMaxBytesPerSecond(rate)), Tasks.what(new Names(p), t) + " " + done);
    }
  }

  @Command(name = "pause", description = "Let a task stand until it is resumed. What it has done stays done.", footerHeading = "%nExamples:%n",
      footer = {"  sluice task pause v1"})
  static final class Pause extends Control {
    @Override
    protected int run(ClusterSession session) {
      return control(session, ControlTask.Action.PAUSE, 0, "paused");
    }
  }

  @Command(name = "resume", description = "Let a paused task go on where it stands.", footerHeading = "%nExamples:%n", footer = {"  sluice task resume v1"})
  static final class Resume extends Control {
    @Override
    protected int run(ClusterSession session) {
      return control(session, ControlTask.Action.RESUME, 0, "goes on");
    }
  }

  @Command(name = "cancel", description = "End a task before its time. A leg that was being filled stays stale until 'sluice volume recover'; "
      + "what was moved stays where it is, but for other stripes: copies that have them get the old ones again, by another task.",
      footerHeading = "%nExamples:%n", footer = {"  sluice task cancel v1"})
  static final class Cancel extends Control {
    @Override
    protected int run(ClusterSession session) {
      return control(session, ControlTask.Action.CANCEL, 0, "cancelled");
    }
  }

  @Command(name = "throttle", description = "Let a task copy at most so much a second; 'none' for what the pool allows.",
      footerHeading = "%nExamples:%n", footer = {"  sluice task throttle v1 50MiB/s", "  sluice task throttle v1 none"})
  static final class Throttle extends Control {
    @Parameters(index = "1", paramLabel = "RATE", description = "Like 50MiB/s, or 'none'.")
    String rate;

    @Override
    protected int run(ClusterSession session) {
      long bytes = Rates.parse(rate);
      return control(session, ControlTask.Action.THROTTLE, bytes, "copies at most " + Rates.words(bytes, "what the pool allows"));
    }
  }

}
