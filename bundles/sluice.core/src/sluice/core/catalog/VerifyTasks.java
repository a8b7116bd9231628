package sluice.core.catalog;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.DifferentRange;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.NoteVerified;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Verification;
import sluice.protocol.v1.VerifyVolume;
import sluice.protocol.v1.Volume;

/** The tasks that compare a volume's legs: how they begin, what they have found, how they end. */
final class VerifyTasks {
  /** What one note may tell of; more is counted with the next. */
  private static final int NOTED = 64;

  private VerifyTasks() {}

  static void begin(Transaction t, VerifyVolume verify) {
    Volume volume = t.volume(verify.getVolumeId());
    t.about(volume.getId());
    String what = "Volume " + volume.getName() + " cannot be verified";
    if (comparable(volume) < 2) {
      throw Refusal.conflict(what, "it has one leg, and nothing that it could be compared with", "add a leg first with: sluice volume add-leg "
          + volume.getName(), volume.getId());
    }
    Task open = t.inventory.tasks.openVerify(volume.getId());
    if (open != null) {
      throw Refusal.conflict(what, "its verification " + open.getId() + " has not ended", "wait for it, or end it with: sluice task cancel "
          + open.getId(), volume.getId(), open.getId());
    }
    checkLeg(volume, verify.getRepairFromLegId(), what);
    String id = verify.getTaskId().isEmpty() ? made(t, volume) : verify.getTaskId();
    FieldRules.id(Kind.TASK, id);
    if (t.inventory.tasks.get(id) != null) throw Refusal.conflict(what, "there is a task " + id + " already", "give the new task a new id", id);
    boolean repair = verify.getRepair() || !verify.getRepairFromLegId().isEmpty();
    Task task = Task.newBuilder().setId(id).setKind(Task.Kind.VERIFY).setVolumeId(volume.getId()).setState(Task.State.RUNNING).setCreatedMs(t.timeMs())
        .setVerification(Verification.newBuilder().setRepair(repair).setRepairFromLegId(verify.getRepairFromLegId())).build();
    t.put(RecoveryTasks.step(t, task, "begun by " + t.actorWords() + (repair ? ", to repair what differs" : "")));
    t.about(id);
    t.info("verify-begun", "verification of volume " + volume.getName() + " begun", id, volume.getId());
  }

  /** Follows from the request, so that a request which is repeated makes no second task. */
  private static String made(Transaction t, Volume volume) {
    String name = "verify " + volume.getId() + " " + t.timeMs() + " " + t.inventory.tasks.all().size();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  private static void checkLeg(Volume volume, String legId, String what) {
    if (legId.isEmpty()) return;
    int leg = Legs.index(volume, legId);
    if (leg < 0) throw Refusal.conflict(what, "it has no leg " + legId + " to be repaired from", "see its legs with: sluice volume show " + volume.getName(),
        volume.getId());
    if (volume.getLayout().getLegs(leg).getState() != LegInfo.State.IN_SYNC) {
      throw Refusal.conflict(what, "leg " + (leg + 1) + ", to be repaired from, is not in sync: it has missed writes", "repair from a leg that is in sync",
          volume.getId());
    }
  }

  /** Legs that stay: one that is on its way to take another's place will not be one more. */
  private static int comparable(Volume volume) {
    return volume.getLayout().getLegsCount() - (LegExtents.replacing(volume.getLayout()) >= 0 ? 1 : 0);
  }

  /** A leg is gone: what cannot be done without it ends. @param volume as it is without the leg */
  static void legGone(Transaction t, Volume volume, String legId) {
    Task task = t.inventory.tasks.openVerify(volume.getId());
    if (task == null) return;
    if (comparable(volume) < 2) RecoveryTasks.end(t, task, Task.State.CANCELLED, "there is only one leg left");
    else if (task.getVerification().getRepairFromLegId().equals(legId)) RecoveryTasks.end(t, task, Task.State.CANCELLED, "the leg to repair from is gone");
  }

  /** Notes may come twice; the farthest counts, and what begins below what has been noted has been told of. */
  static void note(Transaction t, NoteVerified note) {
    Task task = t.task(note.getTaskId());
    if (task.getKind() != Task.Kind.VERIFY || TaskTable.isEnded(task)) {
      throw Refusal.conflict("The verification cannot have come farther", "it has ended", "look again, and decide anew", task.getId());
    }
    Volume volume = t.volume(task.getVolumeId());
    t.about(task.getId(), volume.getId());
    if (note.getRangesCount() > NOTED || note.getVerifiedBytes() < 0 || note.getVerifiedBytes() > volume.getSizeBytes()) {
      throw Refusal.invalid("The verification cannot have come so far", "the volume has " + FieldRules.bytes(volume.getSizeBytes()), "", task.getId());
    }
    Verification.Builder v = task.getVerification().toBuilder();
    for (DifferentRange r : note.getRangesList()) if (r.getStartBytes() >= task.getVerification().getVerifiedBytes()) add(t, volume, task, v, r);
    v.setVerifiedBytes(Math.max(v.getVerifiedBytes(), note.getVerifiedBytes()));
    Task now = task.toBuilder().setVerification(v).build();
    if (note.getEnded()) end(t, volume, now);
    else t.put(now);
  }

  private static void add(Transaction t, Volume volume, Task task, Verification.Builder v, DifferentRange r) {
    long bytes = r.getEndBytes() - r.getStartBytes();
    if (v.getDifferentBytes() == 0) {
      t.event(Severity.ERROR, "legs-differ", "the legs of volume " + volume.getName() + " differ at " + r.getStartBytes() + "+" + bytes + ": " + r.getText(),
          new String[] {volume.getId(), task.getId()});
    }
    v.setDifferentBytes(v.getDifferentBytes() + bytes);
    if (r.getRepaired()) v.setRepairedBytes(v.getRepairedBytes() + bytes);
    if (v.getRangesCount() < CatalogLimits.DIFFERENT_RANGES) {
      v.addRanges(r.toBuilder().setText(Words.cut(r.getText(), CatalogLimits.TEXT_CHARS)));
    } else {
      v.setMoreRanges(v.getMoreRanges() + 1);
    }
  }

  private static void end(Transaction t, Volume volume, Task task) {
    Verification v = task.getVerification();
    String found = v.getDifferentBytes() == 0 ? "all legs are alike"
        : FieldRules.bytes(v.getDifferentBytes()) + " differed, " + (v.getRepairedBytes() == 0 ? "nothing of it was repaired"
            : FieldRules.bytes(v.getRepairedBytes()) + " of it were repaired");
    RecoveryTasks.end(t, task, Task.State.DONE, found);
    t.event(v.getDifferentBytes() == v.getRepairedBytes() ? Severity.INFO : Severity.ERROR, "verify-done",
        "verification of volume " + volume.getName() + ": " + found, new String[] {volume.getId(), task.getId()});
  }
}
