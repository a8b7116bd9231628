package sluice.core.catalog;

import static sluice.core.catalog.CatalogFixture.MIB;
import static sluice.core.catalog.CatalogFixture.id;

import java.util.List;
import java.util.Random;
import sluice.protocol.v1.*;

/** Snapshots of volumes: taken, deleted, their space grown and freed, wrongly too. */
final class RandomSnapshotCommands {
  private final Random random;
  private int made;

  RandomSnapshotCommands(Random random) {
    this.random = random;
  }

  /** True: only the server may say it. */
  static boolean isServers(Change.Builder change) {
    return change.hasAddSnapshotArea() || change.hasDropSnapshotAreas() || change.hasEndRestore();
  }

  Change.Builder change(CatalogView view, Volume volume) {
    Change.Builder c = Change.newBuilder();
    int what = random.nextInt(10);
    if (volume.getRestoringNumber() != 0 && what < 8) {
      return c.setEndRestore(EndRestore.newBuilder().setVolumeId(volume.getId()).setNumber(volume.getRestoringNumber() - (what == 0 ? 1 : 0)));
    }
    if (volume.getSnapshotsCount() > 0 && random.nextInt(4) == 0) {
      return c.setRestoreVolume(RestoreVolume.newBuilder().setVolumeId(volume.getId()).setConfirmName(random.nextInt(6) == 0 ? "" : volume.getName())
          .setNumber(volume.getSnapshots(random.nextInt(volume.getSnapshotsCount())).getNumber() + (random.nextInt(12) == 0 ? 1 : 0)));
    }
    if (volume.getSnapshotAreaIdsCount() > 0 && volume.getSnapshotsCount() == 0 && what < 7) {
      return c.setDropSnapshotAreas(DropSnapshotAreas.newBuilder().setVolumeId(volume.getId()));
    }
    if (volume.getSnapshotsCount() == 0 || what < 2) return take(view, volume);
    if (what < 4) {
      return c.setAddSnapshotArea(AddSnapshotArea.newBuilder().setVolumeId(volume.getId()).setAreaVolumeId(newId()).setSizeBytes(16 * MIB + random.nextInt(3) * MIB));
    }
    if (what == 4) return c.setDropSnapshotAreas(DropSnapshotAreas.newBuilder().setVolumeId(volume.getId()));
    return c.setDeleteSnapshot(DeleteSnapshot.newBuilder().setGroupId(random.nextInt(8) == 0 ? id(1) : volume.getSnapshots(0).getGroupId())
        .setVolumeId(random.nextBoolean() ? volume.getId() : ""));
  }

  private Change.Builder take(CatalogView view, Volume volume) {
    List<Volume> all = view.volumes();
    TakeSnapshot.Builder take = TakeSnapshot.newBuilder().setGroupId(newId()).setName("s" + random.nextInt(12))
        .setWhenFull(Snapshot.WhenFull.forNumber(random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(2))).addMembers(member(volume));
    if (random.nextInt(3) == 0) take.addMembers(member(all.get(random.nextInt(all.size()))));
    return Change.newBuilder().setTakeSnapshot(take);
  }

  private SnapshotMember.Builder member(Volume volume) {
    return SnapshotMember.newBuilder().setVolumeId(volume.getId()).setEpoch(volume.getLayout().getEpoch() - (random.nextInt(12) == 0 ? 1 : 0))
        .setAreaVolumeId(newId()).setAreaBytes(random.nextInt(12) == 0 ? MIB : 16 * MIB).setLimitBytes(random.nextInt(3) * 40 * MIB);
  }

  private String newId() {
    return id(2_000_000 + ++made);
  }
}
