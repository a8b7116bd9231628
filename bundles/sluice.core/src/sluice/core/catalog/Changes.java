package sluice.core.catalog;

import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Problem;

/** Which code makes which change. */
final class Changes {
  private Changes() {}

  /** @throws Refusal possibly after some steps, which the caller then takes back */
  static void make(Transaction t, Change change) {
    if (t.inventory.cluster() == null && !change.hasInitCluster()) {
      throw Refusal.conflict("There is no cluster yet", "the first command makes it", "start the server for the first time");
    }
    HostRights.check(t, change);
    checkServerAlone(t, change);
    SnapshotChanges.checkNotArea(t, change);
    apply(t, change);
  }

  /** Whoever may make it: it will be taken back. @throws Refusal as {@link #make} */
  static void plan(Transaction t, Change change) {
    SnapshotChanges.checkNotArea(t, change);
    apply(t, change);
  }

  private static void apply(Transaction t, Change change) {
    switch (change.getBodyCase()) {
      case INIT_CLUSTER -> ClusterChanges.init(t, change.getInitCluster());
      case PUT_USER -> UserChanges.put(t, change.getPutUser());
      case REMOVE_USER -> UserChanges.remove(t, change.getRemoveUser());
      case CREATE_TOKEN -> TokenChanges.create(t, change.getCreateToken());
      case REVOKE_TOKEN -> TokenChanges.revoke(t, change.getRevokeToken());
      case JOIN_HOST -> JoinChanges.host(t, change.getJoinHost());
      case JOIN_USER -> JoinChanges.user(t, change.getJoinUser());
      case RENAME_HOST -> HostChanges.rename(t, change.getRenameHost());
      case SET_ALLOWANCE -> HostChanges.allow(t, change.getSetAllowance());
      case REMOVE_HOST -> HostChanges.remove(t, change.getRemoveHost());
      case DECLARE_HOST_DEAD -> HostChanges.declareDead(t, change.getDeclareHostDead());
      case ADD_DISK -> DiskChanges.add(t, change.getAddDisk());
      case SET_DISK -> DiskChanges.set(t, change.getSetDisk());
      case REMOVE_DISK -> DiskChanges.remove(t, change.getRemoveDisk());
      case CREATE_POOL -> PoolChanges.create(t, change.getCreatePool());
      case ADD_POOL_DISKS -> PoolChanges.addDisks(t, change.getAddPoolDisks());
      case RENAME_POOL -> PoolChanges.rename(t, change.getRenamePool());
      case DELETE_POOL -> PoolChanges.delete(t, change.getDeletePool());
      case EXPORT_POOL -> PoolExports.export(t, change.getExportPool());
      case IMPORT_POOL -> PoolImports.importPool(t, change.getImportPool());
      case CREATE_VOLUME -> VolumeChanges.create(t, change.getCreateVolume());
      case RESIZE_VOLUME -> VolumeSizes.resize(t, change.getResizeVolume());
      case RENAME_VOLUME -> VolumeChanges.rename(t, change.getRenameVolume());
      case DELETE_VOLUME -> VolumeChanges.delete(t, change.getDeleteVolume());
      case SET_VOLUME_SHARED -> VolumeChanges.share(t, change.getSetVolumeShared());
      case PUT_GRANT -> GrantChanges.put(t, change.getPutGrant());
      case REMOVE_GRANT -> GrantChanges.remove(t, change.getRemoveGrant());
      case ATTACH_VOLUME -> AttachmentChanges.attach(t, change.getAttachVolume());
      case DETACH_VOLUME -> AttachmentChanges.detach(t, change.getDetachVolume());
      case RELEASE_VOLUME -> AttachmentChanges.release(t, change.getReleaseVolume());
      case SET_POOL_RECOVERY -> PoolChanges.setRecovery(t, change.getSetPoolRecovery());
      case MARK_LEG_STALE -> LegChanges.markStale(t, change.getMarkLegStale());
      case FILL_LEG -> LegChanges.fill(t, change.getFillLeg());
      case NOTE_LEG_FILLED -> LegChanges.noteFilled(t, change.getNoteLegFilled());
      case FINISH_LEG -> LegChanges.finish(t, change.getFinishLeg());
      case REPLACE_LEG -> LegPlaces.replace(t, change.getReplaceLeg());
      case ADD_LEG -> LegPlaces.add(t, change.getAddLeg());
      case DROP_LEG -> LegPlaces.drop(t, change.getDropLeg());
      case CONTROL_TASK -> TaskChanges.control(t, change.getControlTask());
      case EVACUATE_DISK -> MoveTasks.evacuate(t, change.getEvacuateDisk());
      case RELAYOUT_VOLUME -> MoveTasks.relayout(t, change.getRelayoutVolume());
      case REBALANCE_POOL -> MoveTasks.rebalance(t, change.getRebalancePool());
      case REPLACE_DISK -> MoveTasks.replace(t, change.getReplaceDisk());
      case MOVE_LEG -> LegMoves.move(t, change.getMoveLeg());
      case END_MOVES -> MoveTasks.end(t, change.getEndMoves());
      case SLOT_RECONCILED -> Slots.reconciled(t, change.getSlotReconciled());
      case FREE_TAIL -> VolumeSizes.freeTail(t, change.getFreeTail());
      case TAKE_SNAPSHOT -> SnapshotChanges.take(t, change.getTakeSnapshot());
      case DELETE_SNAPSHOT -> SnapshotChanges.delete(t, change.getDeleteSnapshot());
      case ADD_SNAPSHOT_AREA -> SnapshotChanges.grow(t, change.getAddSnapshotArea());
      case DROP_SNAPSHOT_AREAS -> SnapshotChanges.dropAreas(t, change.getDropSnapshotAreas());
      case RESTORE_VOLUME -> RestoreChanges.begin(t, change.getRestoreVolume());
      case END_RESTORE -> RestoreChanges.end(t, change.getEndRestore());
      case NOTE_REFUSAL -> {
        // all of it is in the audit entry
      }
      case NOTE_EVENT -> ServerNotes.event(t, change.getNoteEvent());
      case BODY_NOT_SET -> throw Refusal.invalid("The command says nothing that this version understands",
          "it is empty, or made by a newer program", "use programs of one version");
    }
  }

  /** What a leg is good for follows from what the server has seen and made sure of, so nobody else may say it (invariant 1). */
  private static void checkServerAlone(Transaction t, Change change) {
    switch (change.getBodyCase()) {
      case MARK_LEG_STALE, FILL_LEG, NOTE_LEG_FILLED, FINISH_LEG, REPLACE_LEG, SLOT_RECONCILED, FREE_TAIL, MOVE_LEG, END_MOVES -> {
        if (t.actor().getKind() == Actor.Kind.SERVER) return;
        throw Refusal.of(Problem.Code.FORBIDDEN, "Only the server may make this change", "it decides what a leg of a volume is good for",
            "steer it with: sluice volume recover, and sluice task");
      }
      case ADD_SNAPSHOT_AREA, DROP_SNAPSHOT_AREAS, END_RESTORE -> {
        if (t.actor().getKind() == Actor.Kind.SERVER) return;
        throw Refusal.of(Problem.Code.FORBIDDEN, "Only the server may make this change", "it knows what it has under way on snapshots",
            "take, delete and restore snapshots with: sluice snapshot");
      }
      default -> {
        // whoever may use the command
      }
    }
  }
}
