package sluice.core.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.core.snapshot.AreaSizes;
import sluice.protocol.v1.AddSnapshotArea;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.DeleteSnapshot;
import sluice.protocol.v1.DropSnapshotAreas;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.SnapshotMember;
import sluice.protocol.v1.TakeSnapshot;
import sluice.protocol.v1.Volume;

/**
 * Snapshots, and the areas that their chunks lie in (invariant 6). A snapshot of several volumes is one change, which the server
 * puts when nobody writes any of them.
 */
final class SnapshotChanges {
  private SnapshotChanges() {}

  static void take(Transaction t, TakeSnapshot take) {
    FieldRules.id(Kind.SNAPSHOT, take.getGroupId());
    FieldRules.name(Kind.SNAPSHOT, take.getName());
    if (take.getMembersCount() == 0) {
      throw Refusal.invalid("Snapshot " + take.getName() + " cannot be taken", "no volume is named", "name at least one volume");
    }
    if (take.getWhenFull() != Snapshot.WhenFull.WAIT && take.getWhenFull() != Snapshot.WhenFull.GIVE_UP) {
      throw Refusal.invalid("Snapshot " + take.getName() + " cannot be taken", "it is not said what is to be done when its space is full",
          "choose wait or give-up");
    }
    for (Volume v : t.inventory.volumes.all()) {
      for (Snapshot s : v.getSnapshotsList()) {
        if (s.getName().equals(take.getName())) {
          throw Refusal.of(Problem.Code.ALREADY_EXISTS, "There is a snapshot named " + take.getName(), "it is of volume " + v.getName(),
              "choose another name, or delete it first", v.getId());
        }
      }
    }
    Set<String> volumes = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (SnapshotMember member : take.getMembersList()) {
      if (!volumes.add(member.getVolumeId())) {
        throw Refusal.invalid("Snapshot " + take.getName() + " cannot be taken", "a volume is named twice", "name each volume once", member.getVolumeId());
      }
      names.add(member(t, take, member));
    }
    t.info("snapshot-taken", "snapshot " + take.getName() + " of volume" + (names.size() == 1 ? " " : "s ") + Words.list(names) + " taken",
        volumes.toArray(String[]::new));
  }

  private static String member(Transaction t, TakeSnapshot take, SnapshotMember member) {
    Volume old = t.volume(member.getVolumeId());
    String what = "Snapshot " + take.getName() + " of volume " + old.getName() + " cannot be taken";
    t.about(old.getId());
    checkOrdinary(old, what);
    RestoreChanges.checkNotRestoring(old, what);
    LegChange.checkEpoch(old, member.getEpoch(), what);
    if (old.getUnreconciledSlotsCount() > 0) {
      throw Refusal.conflict(what, "what a host left unfinished on it is still being reconciled", "try again when that is done", old.getId());
    }
    if (old.getSnapshotsCount() >= CatalogLimits.SNAPSHOTS) {
      throw Refusal.conflict(what, "it has " + CatalogLimits.SNAPSHOTS + " snapshots, and that is the most", "delete one first", old.getId());
    }
    long chunk = chunk(old, member, what);
    if (old.getSizeBytes() / chunk > Integer.MAX_VALUE - 1) {
      throw Refusal.conflict(what, "it is too large for chunks of " + FieldRules.bytes(chunk), "choose larger chunks", old.getId());
    }
    long number = old.getLayout().getEpoch() + 1;
    Layout.Builder layout = old.getLayout().toBuilder().setEpoch(number);
    Volume.Builder now = old.toBuilder().setLayout(layout).setChunkBytes(chunk)
        .addSnapshots(Snapshot.newBuilder().setGroupId(take.getGroupId()).setName(take.getName()).setNumber(number).setCreatedMs(t.timeMs())
            .setSizeBytes(old.getSizeBytes()).setWhenFull(take.getWhenFull()));
    if (member.getLimitBytes() > 0) now.setSnapshotLimitBytes(member.getLimitBytes());
    if (old.getSnapshotAreaIdsCount() == 0) {
      area(t, old, chunk, member.getAreaVolumeId(), member.getAreaBytes(), member.getAvoidList());
      now.addSnapshotAreaIds(member.getAreaVolumeId());
    }
    t.put(now.build());
    return old.getName();
  }

  private static long chunk(Volume volume, SnapshotMember member, String what) {
    if (volume.getSnapshotAreaIdsCount() > 0) {
      if (member.getChunkBytes() == 0 || member.getChunkBytes() == volume.getChunkBytes()) return volume.getChunkBytes();
      throw Refusal.conflict(what, "its snapshots have chunks of " + FieldRules.bytes(volume.getChunkBytes()), "leave the size out, or delete them first",
          volume.getId());
    }
    long chunk = member.getChunkBytes() == 0 ? AreaSizes.MIN_CHUNK : member.getChunkBytes();
    if (AreaSizes.isChunk(chunk)) return chunk;
    throw Refusal.invalid(what, "chunks of " + FieldRules.bytes(chunk) + " are not possible", "choose a power of two from 64 KiB to 1 MiB", volume.getId());
  }

  /** As many legs as the volume: what is preserved survives what the volume survives. */
  private static void area(Transaction t, Volume of, long chunk, String id, long bytes, List<AvoidDisk> avoid) {
    if (AreaSizes.groups(bytes, chunk) == 0) {
      throw Refusal.invalid("There can be no such space for snapshots of volume " + of.getName(), FieldRules.bytes(bytes) + " are too few",
          "choose a limit of at least " + FieldRules.bytes(AreaSizes.groupBytes(chunk)), of.getId());
    }
    CreateVolume create = CreateVolume.newBuilder().setVolumeId(id).setName("snapshots-" + id).setPoolId(of.getPoolId()).setSizeBytes(bytes)
        .setLegs(of.getLegs()).addAllAvoid(avoid).build();
    Volume area = VolumeChanges.plan(t, create).volume().toBuilder().setAreaOfVolumeId(of.getId()).clearGrants().clearCreatedByHostId().build();
    t.put(area);
    t.about(area.getId());
  }

  static void delete(Transaction t, DeleteSnapshot delete) {
    int found = 0;
    String name = "";
    List<String> names = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (Volume v : List.copyOf(t.inventory.volumes.all())) {
      if (!delete.getVolumeId().isEmpty() && !delete.getVolumeId().equals(v.getId())) continue;
      for (int i = 0; i < v.getSnapshotsCount(); i++) {
        if (!v.getSnapshots(i).getGroupId().equals(delete.getGroupId())) continue;
        name = v.getSnapshots(i).getName();
        if (v.getSnapshots(i).getNumber() == v.getRestoringNumber()) RestoreChanges.checkNotRestoring(v, "Snapshot " + name + " cannot be deleted");
        t.put(v.toBuilder().removeSnapshots(i).build());
        t.about(v.getId());
        names.add(v.getName());
        ids.add(v.getId());
        found++;
        break;
      }
    }
    if (found == 0) throw Refusal.notFound(Kind.SNAPSHOT, delete.getGroupId());
    String what = "snapshot " + name + " of volume" + (found == 1 ? " " : "s ") + Words.list(names);
    if (delete.getReason().isEmpty()) t.info("snapshot-deleted", what + " deleted", ids.toArray(String[]::new));
    else {
      t.event(Severity.WARNING, "snapshot-given-up", what + " was given up: " + Words.cut(delete.getReason(), CatalogLimits.TEXT_CHARS),
          ids.toArray(String[]::new));
    }
  }

  static void grow(Transaction t, AddSnapshotArea add) {
    Volume old = t.volume(add.getVolumeId());
    t.about(old.getId());
    String what = "The space for snapshots of volume " + old.getName() + " cannot grow";
    if (old.getSnapshotsCount() == 0) throw Refusal.conflict(what, "it has no snapshots", "nothing needs to be done", old.getId());
    if (old.getSnapshotAreaIdsList().contains(add.getAreaVolumeId())) return;
    long total = add.getSizeBytes();
    for (String id : old.getSnapshotAreaIdsList()) total += t.volume(id).getSizeBytes();
    if (old.getSnapshotLimitBytes() > 0 && Long.compareUnsigned(total, old.getSnapshotLimitBytes()) > 0) {
      throw Refusal.of(Problem.Code.NO_SPACE, what, "its limit is " + FieldRules.bytes(old.getSnapshotLimitBytes()), "delete a snapshot", old.getId());
    }
    area(t, old, old.getChunkBytes(), add.getAreaVolumeId(), add.getSizeBytes(), add.getAvoidList());
    t.put(old.toBuilder().addSnapshotAreaIds(add.getAreaVolumeId()).build());
  }

  static void dropAreas(Transaction t, DropSnapshotAreas drop) {
    Volume old = t.volume(drop.getVolumeId());
    t.about(old.getId());
    if (old.getSnapshotsCount() > 0) {
      throw Refusal.conflict("The space for snapshots of volume " + old.getName() + " cannot be freed", "it has snapshots", "delete them first", old.getId());
    }
    for (String id : old.getSnapshotAreaIdsList()) {
      Volume area = t.volume(id);
      RecoveryTasks.endAll(t, id, "the snapshots are gone");
      t.remove(area);
      t.about(id);
    }
    t.put(old.toBuilder().clearSnapshotAreaIds().clearChunkBytes().clearSnapshotLimitBytes().build());
  }

  static void checkDeletable(Volume volume) {
    if (volume.getSnapshotsCount() > 0) {
      List<String> names = volume.getSnapshotsList().stream().map(Snapshot::getName).toList();
      throw Refusal.conflict("Volume " + volume.getName() + " cannot be deleted", "it has snapshots: " + Words.list(names),
          "delete them first with: sluice snapshot delete", volume.getId());
    }
    if (volume.getSnapshotAreaIdsCount() > 0) {
      throw Refusal.conflict("Volume " + volume.getName() + " cannot be deleted", "the space of its last snapshot is still being freed",
          "try again in a moment", volume.getId());
    }
  }

  /** An area belongs to the server: nobody may use, change or delete it by itself. */
  static void checkNotArea(Transaction t, Change change) {
    String id = switch (change.getBodyCase()) {
      case RESIZE_VOLUME -> change.getResizeVolume().getVolumeId();
      case RENAME_VOLUME -> change.getRenameVolume().getVolumeId();
      case DELETE_VOLUME -> change.getDeleteVolume().getVolumeId();
      case SET_VOLUME_SHARED -> change.getSetVolumeShared().getVolumeId();
      case PUT_GRANT -> change.getPutGrant().getVolumeId();
      case ATTACH_VOLUME -> change.getAttachVolume().getVolumeId();
      case RESTORE_VOLUME -> change.getRestoreVolume().getVolumeId();
      default -> "";
    };
    Volume volume = id.isEmpty() ? null : t.inventory.volumes.get(id);
    if (volume != null) checkOrdinary(volume, "This cannot be done with volume " + volume.getName());
  }

  private static void checkOrdinary(Volume volume, String what) {
    if (volume.getAreaOfVolumeId().isEmpty()) return;
    throw Refusal.conflict(what, "it is space for another volume's snapshots", "it grows, and goes, by itself", volume.getId());
  }
}
