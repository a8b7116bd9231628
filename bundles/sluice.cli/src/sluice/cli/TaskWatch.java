package sluice.cli;

import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sluice.api.ErrorCode;
import sluice.cli.output.Json;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Table;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

/** Follows one task to its end. */
@Command(
    name = "watch",
    description = {
      "Follow a task until it ends: a line that changes on a terminal, otherwise a line for each change. Exit code 0 when it is done.",
      "Of a volume with a leg that is not in sync, its recovery is awaited if it has not begun yet."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  sluice task watch v1", "  sluice volume add-leg v1 && sluice task watch v1", "  sluice task watch v1 -o json"})
final class TaskWatch extends RemoteCommand {
  /** ANSI: to the line's begin, and erase to its end. */
  private static final String LINE = "\r\u001b[K";

  @Parameters(paramLabel = "TASK", description = TaskCommands.WHICH)
  String task;

  private String last = "";
  /** A volume whose recovery has not begun yet; null once there is a task. */
  private String volumeId;
  private Task now;
  private boolean over;

  @Override
  protected int run(ClusterSession session) {
    Picture first = session.picture();
    volumeId = Tasks.beginning(first, task);
    if (volumeId == null) now = Tasks.find(first, task);
    NewestPicture newest = new NewestPicture(this::look, context().err());
    session.watch(newest);
    try {
      while (!over && !context().out().checkError()) newest.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (context().terminal() && !json()) say("");
    return now != null && now.getState() == Task.State.DONE || now == null && over ? 0 : ErrorCode.CONFLICT.exitCode();
  }

  private void look(Picture p) {
    if (now == null) {
      now = Tasks.atWork(p, volumeId);
      if (now == null) {
        beginning(p);
        return;
      }
    }
    Task found = null;
    for (Task t : p.getTasksList()) if (t.getId().equals(now.getId())) found = t;
    over = found == null || Tasks.ended(found);
    if (found == null) {
      tell(() -> Map.of("id", now.getId()), "the task is not there any more");
      return;
    }
    now = found;
    TaskStatus s = Tasks.status(p, now);
    tell(() -> Tasks.tree(p, now), (Tasks.what(new Names(p), now) + ": " + Tasks.state(now) + " "
        + Tasks.percent(now, s)).strip() + after(Tasks.words(now, s)) + after(Tasks.window(now, s)));
  }

  private void beginning(Picture p) {
    Volume v = p.getVolumesList().stream().filter(known -> known.getId().equals(volumeId)).findFirst().orElse(Volume.getDefaultInstance());
    String degraded = LegTable.degraded(v);
    over = degraded.isEmpty();
    Supplier<Object> tree = () -> Map.of("volume_id", volumeId, "legs", MessageJson.of(v.getLayout().getLegsList()));
    tell(tree, over ? "nothing is to be recovered" : "volume " + v.getName() + ": " + degraded + "; its recovery has not begun yet");
  }

  private static String after(String words) {
    return words.isEmpty() ? "" : ", " + words;
  }

  private void tell(Supplier<Object> tree, String words) {
    String text = json() ? Json.write(tree.get()).replaceAll("\\n *", " ") : Table.printable(words);
    if (text.equals(last)) return;
    if (context().terminal() && !json()) context().out().print(LINE + text);
    else say(text);
    context().out().flush();
    last = text;
  }
}
