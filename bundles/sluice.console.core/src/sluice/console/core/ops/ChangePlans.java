package sluice.console.core.ops;

import java.util.ArrayList;
import java.util.List;
import sluice.api.ByteSize;
import sluice.protocol.Problems;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.DiskBytes;
import sluice.protocol.v1.PlanChange;
import sluice.protocol.v1.PlannedMove;
import sluice.protocol.v1.PlannedVolume;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Volume;

/** The server's plan of a change of volumes in use: the question, and the answer in words. Pure. */
final class ChangePlans {
  private ChangePlans() {}

  static Call.Builder question(Operation o) {
    return Call.newBuilder().setPlanChange(PlanChange.newBuilder().setCall(o.call()));
  }

  /** Of several volumes the least redundancy counts. */
  static Plan answer(Operation o, Reply reply) {
    ChangePlan p = reply.getChangePlan();
    List<String> steps = new ArrayList<>();
    int before = -1;
    int during = -1;
    int after = -1;
    for (PlannedVolume v : p.getVolumesList()) {
      if (v.getSizeBeforeBytes() != v.getSizeAfterBytes()) {
        steps.add("Volume " + v.getVolumeName() + " goes from " + new ByteSize(v.getSizeBeforeBytes()) + " to " + new ByteSize(v.getSizeAfterBytes()) + ".");
      }
      for (PlannedMove m : v.getMovesList()) steps.add(move(v, m));
      before = least(before, v.getBefore().getDisksMayFail());
      during = least(during, v.getDuring().getDisksMayFail());
      after = least(after, v.getAfter().getDisksMayFail());
    }
    if (p.getCopiedBytes() > 0) steps.add(new ByteSize(p.getCopiedBytes()) + " are copied in the background.");
    steps.addAll(p.getNotesList());
    String refusal = p.hasProblem() ? Refusal.of(Problems.exception(p.getProblem().toBuilder().clearCandidates().build())).text() : "";
    return new Plan(steps, before, during, after, p.getCandidatesList(), Volume.getDefaultInstance(), refusal);
  }

  private static int least(int known, int more) {
    return known < 0 ? more : Math.min(known, more);
  }

  private static String move(PlannedVolume v, PlannedMove m) {
    String from = disks(m.getFromList());
    String to = disks(m.getToList());
    String copy = "Copy " + m.getLeg() + " of volume " + v.getVolumeName();
    if (from.isEmpty()) return copy + " takes " + to + ".";
    return to.isEmpty() ? copy + " gives up " + from + "." : copy + " moves from " + from + " to " + to + ".";
  }

  private static String disks(List<DiskBytes> all) {
    return String.join(", ", all.stream().map(d -> new ByteSize(d.getBytes()) + " on disk " + d.getDiskName()).toList());
  }
}
