package sluice.core.catalog;

import sluice.protocol.v1.EndRestore;
import sluice.protocol.v1.RestoreVolume;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Volume;

/** A volume becomes what one of its snapshots shows. That it is under way is in the catalog, so that it goes on after any restart. */
final class RestoreChanges {
  private RestoreChanges() {}

  static void begin(Transaction t, RestoreVolume restore) {
    Volume old = t.volume(restore.getVolumeId());
    String what = "Volume " + old.getName() + " cannot be restored";
    t.about(old.getId());
    if (old.getRestoringNumber() != 0 && old.getRestoringNumber() == restore.getNumber()) return;
    checkNotRestoring(old, what);
    Snapshot to = old.getSnapshotsList().stream().filter(s -> s.getNumber() == restore.getNumber()).findFirst().orElse(null);
    if (to == null) throw Refusal.notFound(Kind.SNAPSHOT, Long.toUnsignedString(restore.getNumber()));
    VolumeChanges.checkDetached(t, old, "cannot be restored");
    if (old.getUnreconciledSlotsCount() > 0) {
      throw Refusal.conflict(what, "what a host left unfinished on it is still being reconciled", "try again when that is done", old.getId());
    }
    if (to.getSizeBytes() != old.getSizeBytes()) {
      throw Refusal.conflict(what, "it had " + FieldRules.bytes(to.getSizeBytes()) + " in snapshot " + to.getName() + ", and has "
          + FieldRules.bytes(old.getSizeBytes()) + " now", "copy what the snapshot shows to another volume", old.getId());
    }
    if (!restore.getConfirmName().equals(old.getName())) {
      throw Refusal.invalid("Volume " + old.getName() + " is not restored yet", "what was written since snapshot " + to.getName()
          + " would be lost, so the volume's name is asked for", "if that is meant, say so with: --confirm " + old.getName(), old.getId());
    }
    t.put(old.toBuilder().setRestoringNumber(to.getNumber()).build());
    t.info("volume-restoring", "volume " + old.getName() + " is being restored to snapshot " + to.getName(), old.getId());
  }

  /** Said again it has nothing to do. */
  static void end(Transaction t, EndRestore end) {
    Volume old = t.volume(end.getVolumeId());
    t.about(old.getId());
    if (old.getRestoringNumber() == 0 || old.getRestoringNumber() != end.getNumber()) return;
    t.put(old.toBuilder().clearRestoringNumber().build());
    t.info("volume-restored", "volume " + old.getName() + " is restored", old.getId());
  }

  static void checkNotRestoring(Volume volume, String what) {
    if (volume.getRestoringNumber() == 0) return;
    String name = volume.getSnapshotsList().stream().filter(s -> s.getNumber() == volume.getRestoringNumber()).map(Snapshot::getName).findFirst().orElse("");
    throw Refusal.conflict(what, "it is being restored to snapshot " + name, "wait until that is done; see: sluice snapshot list", volume.getId());
  }
}
