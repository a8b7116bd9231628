package sluice.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import sluice.api.ByteSize;
import sluice.cli.output.MessageJson;
import sluice.cli.output.Table;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PlanMoves;
import sluice.protocol.v1.MovedLeg;
import sluice.protocol.v1.Task;

/** A verb that moves extents as a task, or shows what it would move. */
abstract class MoveChange extends RemoteCommand {
  @Option(names = "--plan", description = "Only show what would be moved, how much, and how many good copies there are meanwhile.")
  boolean plan;

  /** @param done what is begun, for people */
  final int move(ClusterSession session, Change.Builder change, String done) {
    if (plan) return plan(session, change);
    Done answer = ask(session, "planning", Call.newBuilder().setChange(change)).getDone();
    Picture p = session.picture();
    String task = answer.getObjectsList().stream().filter(id -> p.getTasksList().stream().map(Task::getId).anyMatch(id::equals)).findFirst().orElse("");
    String which = task.isEmpty() ? "" : "; 'sluice task watch " + task.substring(0, Math.min(Tasks.SHORT, task.length())) + "' shows how far it is";
    return done(answer, done + which);
  }

  private int plan(ClusterSession session, Change.Builder change) {
    MovePlan found = ask(session, "planning", Call.newBuilder().setPlanMoves(PlanMoves.newBuilder().setChange(change))).getMovePlan();
    if (found.hasProblem()) throw Problems.exception(found.getProblem());
    Names names = new Names(session.picture());
    show(() -> MessageJson.of(found), () -> {
      Table table = new Table().text("VOLUME").number("LEG", "BYTES").text("FROM", "TO", "LAYOUT").number("COPIES", "MEANWHILE", "AFTER");
      for (MovedLeg m : found.getMovesList()) {
        String layout = m.getLayoutBefore().equals(m.getLayoutAfter()) ? m.getLayoutBefore() : m.getLayoutBefore() + " to " + m.getLayoutAfter();
        table.row(names.of(m.getVolumeId()), m.getLeg(), new ByteSize(m.getBytes()), disks(names, m.getFromDiskIdsList()), disks(names, m.getToDiskIdsList()),
            layout, m.getCopiesBefore(), m.getCopiesDuring(), m.getCopiesAfter());
      }
      table.print(context().out(), "Nothing would be moved.");
      if (found.getMovesCount() > 0) say(new ByteSize(found.getBytes()) + " would be copied; nothing has been changed");
    });
    return 0;
  }

  private static String disks(Names names, List<String> ids) {
    return ids.stream().map(names::of).collect(Collectors.joining(", "));
  }
}
