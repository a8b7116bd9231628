package sluice.core.catalog;

import sluice.protocol.NewLegs;
import sluice.protocol.v1.FillLeg;
import sluice.protocol.v1.FinishLeg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.MarkLegStale;
import sluice.protocol.v1.NoteLegFilled;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;

/**
 * What a leg is good for: in sync, stale, filling. The server decides these between recall and new layout (invariant 3),
 * so each names the epoch that it was decided under. The last leg in sync stays so whatever is asked (invariant 10).
 */
final class LegChanges {
  private LegChanges() {}

  static void markStale(Transaction t, MarkLegStale mark) {
    LegChange c = LegChange.of(t, mark.getVolumeId(), mark.getLegId(), "cannot be marked as stale");
    c.checkEpoch(mark.getEpoch());
    if (c.info().getState() == LegInfo.State.STALE) throw c.conflict("it is stale already", "nothing needs to be done");
    c.checkNotLast();
    String reason = mark.getReason().isEmpty() ? "not said why" : Words.cut(c.named(mark.getReason()), CatalogLimits.TEXT_CHARS);
    // what was filled and noted is on the leg, and what it misses from now on the intents show: it need not be copied again
    LegInfo.Builder now = c.info().toBuilder().setState(LegInfo.State.STALE).setReason(reason).setSinceMs(t.timeMs());
    if (c.info().getState() == LegInfo.State.IN_SYNC) now.clearWhole().clearFilledBytes();
    c.put(now.build());
    LegMoves.sourceLost(t, mark.getVolumeId(), mark.getLegId(), reason);
    RecoveryTasks.note(t, mark.getLegId(), "waits: the leg has missed writes: " + reason);
    t.event(Severity.WARNING, "leg-stale", c.words() + " has missed writes: " + reason, c.objects());
  }

  static void fill(Transaction t, FillLeg fill) {
    LegChange c = LegChange.of(t, fill.getVolumeId(), fill.getLegId(), "cannot be brought up to date");
    c.checkEpoch(fill.getEpoch());
    if (c.info().getState() == LegInfo.State.IN_SYNC) throw c.conflict("it is in sync", "nothing needs to be done");
    if (c.info().getState() == LegInfo.State.FILLING) throw c.conflict("it is being brought up to date already", "wait until it is");
    String step = !c.info().getWhole() ? "copies what the leg has missed"
        : c.info().getFilledBytes() == 0 ? "copies all of the leg" : "goes on copying at " + FieldRules.bytes(c.info().getFilledBytes());
    Task task = c.info().getReplacesLegId().isEmpty() ? t.inventory.tasks.openOfLeg(fill.getLegId()) : LegMoves.checkFills(t, c);
    if (task == null) {
      FieldRules.id(Kind.TASK, fill.getTaskId());
      if (t.inventory.tasks.get(fill.getTaskId()) != null) {
        throw c.conflict("there is a task " + fill.getTaskId() + " already, and it has ended or is for another leg", "give the new task a new id");
      }
      t.about(RecoveryTasks.begin(t, c.volume(), fill.getLegId(), fill.getTaskId(), step).getId());
    } else {
      if (task.getState() == Task.State.PAUSED) throw c.conflict("its task is paused", "resume it first with: sluice task resume " + task.getId());
      if (c.info().getReplacesLegId().isEmpty()) RecoveryTasks.note(t, fill.getLegId(), step);
      t.about(task.getId());
    }
    c.put(c.info().toBuilder().setState(LegInfo.State.FILLING).setSinceMs(t.timeMs()).build());
    if (!c.info().getReplacesLegId().isEmpty()) return;
    t.event(Severity.INFO, "leg-filling", c.words() + " is being brought up to date; its recovery " + step, c.objects());
  }

  /** The farthest note counts. A leg that is not filled as a whole has nothing to note: the intents show what is left. */
  static void noteFilled(Transaction t, NoteLegFilled note) {
    LegChange c = LegChange.of(t, note.getVolumeId(), note.getLegId(), "cannot have been filled");
    if (c.info().getState() != LegInfo.State.FILLING) throw c.conflict("it is not being brought up to date", "look again, and decide anew");
    if (note.getFilledBytes() < 0 || note.getFilledBytes() > c.volume().getSizeBytes()) {
      throw Refusal.invalid("Leg " + c.number() + " of volume " + c.volume().getName() + " cannot be filled so far",
          "the volume has " + FieldRules.bytes(c.volume().getSizeBytes()), "", c.volume().getId());
    }
    if (!c.info().getWhole() || note.getFilledBytes() <= c.info().getFilledBytes()) return;
    c.putSameEpoch(c.info().toBuilder().setFilledBytes(note.getFilledBytes()).build());
  }

  static void finish(Transaction t, FinishLeg finish) {
    LegChange c = LegChange.of(t, finish.getVolumeId(), finish.getLegId(), "cannot be taken as in sync");
    c.checkEpoch(finish.getEpoch());
    if (c.info().getState() != LegInfo.State.FILLING) {
      throw c.conflict(c.info().getState() == LegInfo.State.IN_SYNC ? "it is in sync already" : "it is stale", "look again, and decide anew");
    }
    if (!c.info().getReplacesLegId().isEmpty()) {
      LegMoves.finish(t, c);
      return;
    }
    c.put(c.info().toBuilder().setState(LegInfo.State.IN_SYNC).clearReason().setSinceMs(t.timeMs()).clearWhole().clearFilledBytes().build());
    RecoveryTasks.end(t, finish.getLegId(), Task.State.DONE, "the leg is in sync");
    t.event(Severity.INFO, "leg-in-sync", c.words() + (NewLegs.isNew(c.info()) ? " is in sync" : " is in sync again"), c.objects());
  }
}
