package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Allowance;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.SetDisk;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;

/**
 * A change in words, for the audit log: "create volume v1, 10 GiB, in pool gold". Said before the change is made, while
 * what it removes still has a name. Right for any change, also one that will be refused.
 */
final class ActionWords {
  private final Inventory inventory;

  private ActionWords(Inventory inventory) {
    this.inventory = inventory;
  }

  static String of(Change change, Inventory inventory) {
    return Words.cut(new ActionWords(inventory).words(change), CatalogLimits.TEXT_CHARS);
  }

  private String words(Change c) {
    return switch (c.getBodyCase()) {
      case INIT_CLUSTER -> "make cluster " + given(c.getInitCluster().getCluster().getName());
      case PUT_USER -> "put user " + given(c.getPutUser().getUser().getName()) + " as " + UserChanges.role(c.getPutUser().getUser().getRole());
      case REMOVE_USER -> "remove user " + given(c.getRemoveUser().getName());
      case CREATE_TOKEN -> "make token for " + Words.cut(TokenChanges.forWhom(c.getCreateToken().getToken()), CatalogLimits.NAME_CHARS + 5)
          + allowance(c.getCreateToken().getToken().getAllowance());
      case REVOKE_TOKEN -> "revoke token " + token(c.getRevokeToken().getId());
      case JOIN_HOST -> "join as a host with token " + token(c.getJoinHost().getTokenId());
      case JOIN_USER -> "join as a user with token " + token(c.getJoinUser().getTokenId());
      case RENAME_HOST -> "rename host " + host(c.getRenameHost().getHostId()) + " to " + given(c.getRenameHost().getName());
      case SET_ALLOWANCE -> "set allowance of host " + host(c.getSetAllowance().getHostId()) + allowance(c.getSetAllowance().getAllowance());
      case REMOVE_HOST -> "remove host " + host(c.getRemoveHost().getHostId());
      case DECLARE_HOST_DEAD -> "declare host " + host(c.getDeclareHostDead().getHostId()) + " dead";
      case ADD_DISK -> "add disk " + given(c.getAddDisk().getDisk().getName()) + ", " + FieldRules.bytes(c.getAddDisk().getDisk().getCapacityBytes());
      case SET_DISK -> set(c.getSetDisk());
      case REMOVE_DISK -> "remove disk " + disk(c.getRemoveDisk().getDiskId());
      case CREATE_POOL -> "create pool " + given(c.getCreatePool().getName()) + " with disks " + disks(c.getCreatePool().getDiskIdsList());
      case ADD_POOL_DISKS -> "add disks " + disks(c.getAddPoolDisks().getDiskIdsList()) + " to pool " + pool(c.getAddPoolDisks().getPoolId());
      case RENAME_POOL -> "rename pool " + pool(c.getRenamePool().getPoolId()) + " to " + given(c.getRenamePool().getName());
      case DELETE_POOL -> "delete pool " + pool(c.getDeletePool().getPoolId());
      case EXPORT_POOL -> "export pool " + pool(c.getExportPool().getPoolId());
      case IMPORT_POOL -> "import pool " + given(c.getImportPool().getMetadata().getPool().getName());
      case CREATE_VOLUME -> create(c.getCreateVolume());
      case RESIZE_VOLUME -> "resize volume " + volume(c.getResizeVolume().getVolumeId()) + " to " + FieldRules.bytes(c.getResizeVolume().getSizeBytes());
      case RENAME_VOLUME -> "rename volume " + volume(c.getRenameVolume().getVolumeId()) + " to " + given(c.getRenameVolume().getName());
      case DELETE_VOLUME -> "delete volume " + volume(c.getDeleteVolume().getVolumeId());
      case SET_VOLUME_SHARED -> "make volume " + volume(c.getSetVolumeShared().getVolumeId()) + (c.getSetVolumeShared().getShared() ? " shared" : " exclusive");
      case PUT_GRANT -> "grant volume " + volume(c.getPutGrant().getVolumeId()) + " to host " + host(c.getPutGrant().getGrant().getHostId())
          + access(c.getPutGrant().getGrant().getAccess());
      case REMOVE_GRANT -> "take back grant of volume " + volume(c.getRemoveGrant().getVolumeId()) + " to host " + host(c.getRemoveGrant().getHostId());
      case ATTACH_VOLUME -> "attach volume " + volume(c.getAttachVolume().getVolumeId()) + " to host " + host(c.getAttachVolume().getHostId())
          + access(c.getAttachVolume().getAccess());
      case DETACH_VOLUME -> "detach volume " + volume(c.getDetachVolume().getVolumeId()) + " from host " + host(c.getDetachVolume().getHostId());
      case RELEASE_VOLUME -> "release volume " + volume(c.getReleaseVolume().getVolumeId()) + " from host " + host(c.getReleaseVolume().getHostId());
      case SET_POOL_RECOVERY -> "set how pool " + pool(c.getSetPoolRecovery().getPoolId()) + " recovers: " + recovery(c.getSetPoolRecovery().getRecovery());
      case MARK_LEG_STALE -> "mark leg " + leg(c.getMarkLegStale().getVolumeId(), c.getMarkLegStale().getLegId()) + " as stale: "
          + given(c.getMarkLegStale().getReason());
      case FILL_LEG -> "fill leg " + leg(c.getFillLeg().getVolumeId(), c.getFillLeg().getLegId());
      case NOTE_LEG_FILLED -> "note leg " + leg(c.getNoteLegFilled().getVolumeId(), c.getNoteLegFilled().getLegId()) + " filled up to "
          + FieldRules.bytes(c.getNoteLegFilled().getFilledBytes());
      case FINISH_LEG -> "take leg " + leg(c.getFinishLeg().getVolumeId(), c.getFinishLeg().getLegId()) + " as in sync";
      case REPLACE_LEG -> "replace leg " + leg(c.getReplaceLeg().getVolumeId(), c.getReplaceLeg().getLegId());
      case ADD_LEG -> "add a leg to volume " + volume(c.getAddLeg().getVolumeId());
      case DROP_LEG -> "drop leg " + leg(c.getDropLeg().getVolumeId(), c.getDropLeg().getLegId());
      case CONTROL_TASK -> control(c.getControlTask());
      case SLOT_RECONCILED -> "note slot " + Integer.toUnsignedString(c.getSlotReconciled().getSlot()) + " of volume "
          + volume(c.getSlotReconciled().getVolumeId()) + " reconciled";
      case FREE_TAIL -> "free the space past the end of volume " + volume(c.getFreeTail().getVolumeId());
      case TAKE_SNAPSHOT -> "take snapshot " + given(c.getTakeSnapshot().getName()) + " of "
          + Words.list(c.getTakeSnapshot().getMembersList().stream().map(m -> "volume " + volume(m.getVolumeId())).toList());
      case DELETE_SNAPSHOT -> "delete snapshot " + snapshot(c.getDeleteSnapshot().getGroupId())
          + (c.getDeleteSnapshot().getVolumeId().isEmpty() ? "" : " of volume " + volume(c.getDeleteSnapshot().getVolumeId()));
      case ADD_SNAPSHOT_AREA -> "add " + FieldRules.bytes(c.getAddSnapshotArea().getSizeBytes()) + " for snapshots of volume "
          + volume(c.getAddSnapshotArea().getVolumeId());
      case DROP_SNAPSHOT_AREAS -> "free the space for snapshots of volume " + volume(c.getDropSnapshotAreas().getVolumeId());
      case RESTORE_VOLUME -> "restore volume " + volume(c.getRestoreVolume().getVolumeId());
      case END_RESTORE -> "note volume " + volume(c.getEndRestore().getVolumeId()) + " restored";
      case NOTE_REFUSAL -> c.getNoteRefusal().getAction();
      case NOTE_EVENT -> "note event " + given(c.getNoteEvent().getEvent().getKind());
      case EVACUATE_DISK -> "evacuate disk " + disk(c.getEvacuateDisk().getDiskId());
      case RELAYOUT_VOLUME -> "relayout volume " + volume(c.getRelayoutVolume().getVolumeId()) + " to "
          + Integer.toUnsignedString(Math.max(1, c.getRelayoutVolume().getStripes())) + " stripes";
      case REBALANCE_POOL -> "rebalance pool " + pool(c.getRebalancePool().getPoolId());
      case REPLACE_DISK -> "replace disk " + disk(c.getReplaceDisk().getDiskId()) + " by disk " + disk(c.getReplaceDisk().getToDiskId());
      case MOVE_LEG -> "move leg " + leg(c.getMoveLeg().getVolumeId(), c.getMoveLeg().getLegId());
      case END_MOVES -> "end task " + given(c.getEndMoves().getTaskId());
      case BODY_NOT_SET -> "something that this version does not understand";
    };
  }

  private String snapshot(String groupId) {
    for (Volume v : inventory.volumes.all()) {
      for (Snapshot s : v.getSnapshotsList()) if (s.getGroupId().equals(groupId)) return s.getName();
    }
    return given(groupId);
  }

  private String create(CreateVolume c) {
    String stripes = c.getStripes() > 1 ? ", " + c.getStripes() + " stripes" : "";
    String legs = c.getLegs() > 1 ? ", " + c.getLegs() + " legs" : "";
    return "create volume " + given(c.getName()) + ", " + FieldRules.bytes(c.getSizeBytes()) + legs + stripes + ", in pool " + pool(c.getPoolId());
  }

  private String set(SetDisk c) {
    List<String> what = new ArrayList<>();
    if (c.hasName()) what.add("name " + given(c.getName()));
    if (c.hasDomain()) what.add("domain " + given(c.getDomain()));
    if (c.getUrisCount() > 0) what.add(c.getUrisCount() == 1 ? "1 address" : c.getUrisCount() + " addresses");
    if (c.hasSpare()) what.add(c.getSpare() ? "spare" : "no spare");
    if (c.hasClosed()) what.add(c.getClosed() ? "closed" : "open");
    return "set disk " + disk(c.getDiskId()) + ": " + String.join(", ", what);
  }

  private String control(ControlTask c) {
    String what = switch (c.getAction()) {
      case PAUSE -> "pause";
      case RESUME -> "resume";
      case CANCEL -> "cancel";
      case THROTTLE -> "throttle";
      default -> "control";
    };
    Task task = inventory.tasks.get(c.getTaskId());
    String which = task == null ? given(c.getTaskId()) : MoveTasks.moves(task) ? task.getId() + ", " + MoveTasks.words(inventory, task)
        : task.getId() + ", recovery of leg " + leg(task.getVolumeId(), task.getLegId());
    return what + " task " + which + (c.getAction() == ControlTask.Action.THROTTLE ? ", to " + rate(c.getMaxBytesPerSecond(), "the pool's rate") : "");
  }

  static String recovery(RecoverySettings r) {
    String wait = r.getWaitMs() == 0 ? "default" : time(r.getWaitMs());
    return "wait " + wait + ", at most " + rate(r.getMaxBytesPerSecond(), "as fast as the disks")
        + ", at least " + rate(r.getMinBytesPerSecond(), "the default");
  }

  /** As it is typed: 5m, 90s, 1500ms. */
  static String time(long ms) {
    if (ms <= 0 || ms % 1_000 != 0) return Long.toUnsignedString(ms) + "ms";
    long s = ms / 1_000;
    return s % 3_600 == 0 ? s / 3_600 + "h" : s % 60 == 0 ? s / 60 + "m" : s + "s";
  }

  static String rate(long bytesPerSecond, String none) {
    return bytesPerSecond == 0 ? none : FieldRules.bytes(bytesPerSecond) + "/s";
  }

  /** "2 of volume v1" */
  private String leg(String volumeId, String legId) {
    Volume volume = inventory.volumes.get(volumeId);
    int index = volume == null ? -1 : Legs.index(volume, legId);
    return (index < 0 ? given(legId) : String.valueOf(index + 1)) + " of volume " + volume(volumeId);
  }

  private String allowance(Allowance a) {
    return a.getPoolId().isEmpty() ? "" : ", allowed " + FieldRules.bytes(a.getMaxBytes()) + " in pool " + pool(a.getPoolId());
  }

  private static String access(Access access) {
    return VolumeRules.isAccess(access) ? " " + Words.access(access) : "";
  }

  private String host(String id) {
    return inventory.hosts.has(id) ? inventory.hosts.get(id).getName() : given(id);
  }

  private String disk(String id) {
    return inventory.disks.has(id) ? inventory.disks.get(id).getName() : given(id);
  }

  private String pool(String id) {
    return inventory.pools.has(id) ? inventory.pools.get(id).getName() : given(id);
  }

  private String volume(String id) {
    return inventory.volumes.has(id) ? inventory.volumes.get(id).getName() : given(id);
  }

  /** An expired or unknown one is said by its id. */
  private String token(String id) {
    return inventory.tokens.has(id) ? "for " + TokenChanges.forWhom(inventory.tokens.get(id)) : given(id);
  }

  private String disks(List<String> ids) {
    List<String> names = new ArrayList<>();
    for (String id : ids) names.add(names.size() < CatalogLimits.OBJECTS ? disk(id) : "");
    return Words.list(names);
  }

  private static String given(String text) {
    return text.isEmpty() ? "(none)" : Words.cut(text, CatalogLimits.NAME_CHARS);
  }
}
