package sluice.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import sluice.api.ByteSize;
import sluice.cli.output.Table;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.DiskBytes;
import sluice.protocol.v1.PlannedMove;
import sluice.protocol.v1.PlannedVolume;

/** A plan for people. */
final class PlanTable {
  private PlanTable() {}

  static void print(ChangePlan plan, PrintWriter out) {
    Table moves = new Table().text("VOLUME").number("LEG").text("FROM", "TO").number("COPIED");
    Table volumes = new Table().text("VOLUME", "SIZE", "BEFORE", "MEANWHILE", "AFTER");
    for (PlannedVolume v : plan.getVolumesList()) {
      for (PlannedMove m : v.getMovesList()) {
        moves.row(v.getVolumeName(), m.getLeg(), disks(m.getFromList()), disks(m.getToList()), new ByteSize(m.getCopiedBytes()));
      }
      volumes.row(v.getVolumeName(), size(v), v.getBefore().getWords(), v.getDuring().getWords(), v.getAfter().getWords());
    }
    if (volumes.size() == 0 && !plan.hasProblem()) out.println("Nothing would change.");
    section(moves, out);
    section(volumes, out);
    if (volumes.size() > 0) out.println("to be copied in all: " + new ByteSize(plan.getCopiedBytes()));
    Table candidates = new Table().text("DISK", "TAKEN", "WHY NOT");
    for (Candidate c : plan.getCandidatesList()) candidates.row(c.getDiskName(), c.getTaken() ? "yes" : "no", c.getReason());
    section(candidates, out);
    plan.getNotesList().forEach(note -> out.println(Table.printable("note: " + note)));
  }

  private static void section(Table table, PrintWriter out) {
    if (table.size() == 0) return;
    table.print(out);
    out.println();
  }

  private static String disks(List<DiskBytes> some) {
    return some.stream().map(d -> d.getDiskName() + " " + new ByteSize(d.getBytes())).collect(Collectors.joining(", "));
  }

  private static String size(PlannedVolume v) {
    String before = new ByteSize(v.getSizeBeforeBytes()).toString();
    return v.getSizeBeforeBytes() == v.getSizeAfterBytes() ? before : before + " to " + new ByteSize(v.getSizeAfterBytes());
  }
}
