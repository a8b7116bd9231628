package sluice.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.MoveWork;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/**
 * A relayout that is cancelled when some copies have their new stripes and others do not: it is taken back by another one, which gives them
 * all the old stripes again. Copies that are striped in different ways are a step on the way, not a state to be left in.
 */
final class RelayoutUndo {
  private RelayoutUndo() {}

  /**
   * Begins the taking back, if there is anything to be taken back.
   *
   * @param task has not ended
   * @return its id; empty: no copy has new stripes yet
   * @throws Refusal if it cannot be taken back: then it has to go on
   */
  static String begin(Transaction t, Task task) {
    Volume volume = t.inventory.volumes.get(task.getVolumeId());
    if (task.getKind() != Task.Kind.RELAYOUT || volume == null) return "";
    String what = "The " + MoveTasks.words(t.inventory, task) + " cannot be cancelled";
    Volume settled = LegMoves.without(volume);
    int old = -1;
    int changed = 0;
    for (int l = 0; l < Legs.count(settled); l++) {
      if (MoveChoice.striped(settled, l, task.getMove())) changed++;
      else if (old < 0) old = l;
    }
    if (changed == 0) return "";
    if (old < 0) throw Refusal.conflict(what, "all of it has its new stripes", "wait until it has ended", task.getId(), volume.getId());
    MoveWork work = MoveWork.newBuilder().setPoolId(volume.getPoolId()).setStripes(LegExtents.stripes(settled.getLayout(), old))
        .setStripeUnitBytes(LegExtents.stripeUnit(settled.getLayout(), old)).build();
    String id = UUID.nameUUIDFromBytes(("back from " + task.getId()).getBytes(StandardCharsets.UTF_8)).toString();
    Task back = Task.newBuilder().setId(id).setKind(Task.Kind.RELAYOUT).setVolumeId(volume.getId()).setState(Task.State.RUNNING).setCreatedMs(t.timeMs())
        .setMove(work).build();
    checkRoom(t, settled, back, task, what);
    long total = changed * volume.getSizeBytes();
    t.put(RecoveryTasks.step(t, back.toBuilder().setMove(work.toBuilder().setTotalBytes(total)).build(),
        "begun since " + t.actorWords() + " cancelled the change: " + FieldRules.bytes(total) + " to move back"));
    t.about(id);
    return id;
  }

  /** The leg that is on its way will have gone again. */
  private static void checkRoom(Transaction t, Volume settled, Task back, Task task, String what) {
    Transaction trial = new Transaction(t.inventory, t.actor(), t.timeMs());
    try {
      trial.put(settled);
      MoveRehearsal.of(trial, back, List.of()).check(what);
    } catch (Refusal refusal) {
      Problem p = refusal.problem();
      throw Refusal.of(p.getCode(), what, "some copies have their new stripes already, and cannot get the old ones again: " + p.getWhy(),
          "let it go on, if it is paused with: sluice task resume " + task.getId() + "; or " + p.getCorrection() + " first", task.getId())
          .withCandidates(p.getCandidatesList());
    } finally {
      trial.rollback();
    }
  }
}
