package sluice.core.catalog;

import java.util.List;
import java.util.function.Supplier;
import sluice.core.layout.LayoutRules;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RenameVolume;
import sluice.protocol.v1.SetVolumeShared;
import sluice.protocol.v1.Volume;

/** Volumes, but for who may use them. Each change is done when it is applied: none leaves a volume half made or half gone. */
final class VolumeChanges {
  /** A volume that could be made, and what was thought of each disk. */
  record Planned(Volume volume, Supplier<List<Candidate>> candidates) {}

  private VolumeChanges() {}

  static void create(Transaction t, CreateVolume create) {
    Volume volume = plan(t, create).volume();
    t.put(volume);
    t.about(volume.getId());
    t.info("volume-created", "volume " + volume.getName() + ", " + FieldRules.bytes(volume.getSizeBytes())
        + (volume.getLegs() > 1 ? ", " + volume.getLegs() + " legs" : "") + ", created in pool "
        + t.pool(volume.getPoolId()).getName(), volume.getId());
  }

  /** All of creating but the doing. */
  static Planned plan(Transaction t, CreateVolume create) {
    FieldRules.id(Kind.VOLUME, create.getVolumeId());
    FieldRules.name(Kind.VOLUME, create.getName());
    if (t.inventory.volumes.has(create.getVolumeId())) throw Refusal.exists(Kind.VOLUME, create.getVolumeId(), create.getVolumeId());
    checkFree(t, create.getName());
    if (t.inventory.volumes.size() >= CatalogLimits.VOLUMES) {
      throw Refusal.conflict("There are too many volumes", "at most " + CatalogLimits.VOLUMES, "delete some");
    }
    Pool pool = t.pool(create.getPoolId());
    VolumeShape shape = VolumeShape.of(pool, create.getName(), create.getStripes(), create.getStripeUnitBytes());
    long size = shape.size(create.getName(), create.getSizeBytes());
    HostRights.checkAllowance(t, create.getName(), pool.getId(), size);
    if (create.getLegs() < 0 || create.getLegs() > CatalogLimits.LEGS) {
      throw Refusal.invalid("Volume " + create.getName() + " cannot have " + Integer.toUnsignedString(create.getLegs()) + " legs",
          "a volume has 1 to " + CatalogLimits.LEGS, "choose fewer legs");
    }
    Volume.Builder volume = Volume.newBuilder().setId(create.getVolumeId()).setName(create.getName()).setPoolId(pool.getId())
        .setSizeBytes(size).setStripes(shape.columns()).setShared(create.getShared()).setCreatedMs(t.timeMs());
    Supplier<List<Candidate>> candidates = create.getLegs() > 1 ? mirror(t, create, shape, volume) : single(t, create, shape, volume);
    if (t.byHost()) {
      volume.setCreatedByHostId(t.actor().getName());
      volume.addGrants(Grant.newBuilder().setHostId(t.actor().getName()).setAccess(Access.READ_WRITE));
    }
    return new Planned(volume.build(), candidates);
  }

  private static Supplier<List<Candidate>> single(Transaction t, CreateVolume create, VolumeShape shape, Volume.Builder volume) {
    VolumeSpace.Room room = new VolumeSpace(t.inventory, t.pool(volume.getPoolId()), create.getName(), shape, create.getAvoidList())
        .grow(List.of(), volume.getSizeBytes());
    volume.setLayout(Layout.newBuilder().setEpoch(1).addAllSegments(room.segments()));
    return room.candidates();
  }

  /** Nothing has been written yet, so all legs are the same. */
  private static Supplier<List<Candidate>> mirror(Transaction t, CreateVolume create, VolumeShape shape, Volume.Builder volume) {
    MirrorSpace.Room room = new MirrorSpace(t.inventory, t.pool(volume.getPoolId()), create.getName(), shape, create.getAvoidList())
        .create(create.getLegs(), volume.getSizeBytes());
    Layout.Builder layout = Layout.newBuilder().setEpoch(1).addAllSegments(room.segments()).setRegionBytes(LayoutRules.regionBytes(volume.getSizeBytes()));
    for (int l = 0; l < create.getLegs(); l++) {
      layout.addLegs(LegPlaces.inSync(LegPlaces.id(create.getVolumeId(), 1, l), room.intents().get(l), t.timeMs()));
    }
    volume.setLayout(layout).setLegs(create.getLegs());
    return room.candidates();
  }

  private static void checkFree(Transaction t, String name) {
    Volume sameName = t.inventory.volumes.named(name);
    if (sameName != null) throw Refusal.exists(Kind.VOLUME, name, sameName.getId());
  }

  static void rename(Transaction t, RenameVolume rename) {
    Volume old = t.volume(rename.getVolumeId());
    t.about(old.getId());
    if (old.getName().equals(rename.getName())) return;
    FieldRules.name(Kind.VOLUME, rename.getName());
    checkFree(t, rename.getName());
    t.put(old.toBuilder().setName(rename.getName()).build());
    t.info("volume-renamed", "volume " + old.getName() + " renamed to " + rename.getName(), old.getId());
  }

  static void delete(Transaction t, DeleteVolume delete) {
    Volume old = t.volume(delete.getVolumeId());
    checkDetached(t, old, "cannot be deleted");
    SnapshotChanges.checkDeletable(old);
    RecoveryTasks.endAll(t, old.getId(), "the volume was deleted by " + t.actorWords());
    t.remove(old);
    t.about(old.getId());
    t.info("volume-deleted", "volume " + old.getName() + ", " + FieldRules.bytes(old.getSizeBytes()) + ", deleted", old.getId());
  }

  static void share(Transaction t, SetVolumeShared share) {
    Volume old = t.volume(share.getVolumeId());
    t.about(old.getId());
    if (old.getShared() == share.getShared()) return;
    checkDetached(t, old, "cannot change its sharing");
    t.put(old.toBuilder().setShared(share.getShared()).build());
    t.info("volume-sharing", "volume " + old.getName() + (share.getShared() ? " made shared" : " made exclusive"), old.getId());
  }

  static void checkDetached(Transaction t, Volume volume, String what) {
    if (volume.getAttachmentsCount() == 0) return;
    throw Refusal.conflict("Volume " + volume.getName() + " " + what, "it is attached to " + HostRights.holders(t, volume),
        "detach it first", HostRights.holderIds(volume));
  }
}
