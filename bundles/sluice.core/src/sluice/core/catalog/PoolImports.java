package sluice.core.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.core.space.SpaceConflict;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.ImportPool;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolMetadata;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Volume;

/**
 * Takes a pool in as its disks describe it. What they say may be old, of another cluster, or damaged in a way that its
 * checksum does not show, so it has to keep every rule that a change has to keep.
 */
final class PoolImports {
  private final Transaction t;
  private final PoolMetadata metadata;
  private final Pool pool;
  private final Set<String> strangers = new HashSet<>();
  private final List<String> lostAttachments = new ArrayList<>();

  private PoolImports(Transaction t, PoolMetadata metadata) {
    this.t = t;
    this.metadata = metadata;
    pool = metadata.getPool();
  }

  static void importPool(Transaction t, ImportPool change) {
    new PoolImports(t, change.getMetadata()).run();
  }

  private void run() {
    FieldRules.id(Kind.POOL, pool.getId());
    FieldRules.name(Kind.POOL, pool.getName());
    PoolChanges.checkUnit(pool.getName(), pool.getUnitBytes());
    PoolChanges.checkCount(t);
    checkNothingIsThere();
    checkNames();
    t.put(pool);
    t.about(pool.getId());
    for (Disk disk : metadata.getDisksList()) take(disk);
    for (Volume volume : metadata.getVolumesList()) take(volume);
    checkAreas();
    t.info("pool-imported", "pool " + pool.getName() + " imported with " + Words.count(metadata.getDisksCount(), "disk") + " and "
        + Words.count(metadata.getVolumesCount(), "volume") + ", as of change " + metadata.getRevision() + " of cluster "
        + Words.cut(metadata.getClusterName(), CatalogLimits.NAME_CHARS), pool.getId());
    if (!strangers.isEmpty()) {
      t.event(Severity.WARNING, "grants-dropped", "pool " + pool.getName() + " came with grants for "
          + Words.count(strangers.size(), "host") + " that are not known here; they were dropped", pool.getId());
    }
    if (!lostAttachments.isEmpty()) {
      t.event(Severity.WARNING, "attachments-dropped", "hosts that are not known here held " + Words.list(lostAttachments)
          + " when pool " + pool.getName() + " was last written; make sure that they are off or detached", pool.getId());
    }
  }

  private void checkNothingIsThere() {
    Pool there = t.inventory.pools.get(pool.getId());
    if (there != null) {
      throw Refusal.of(Problem.Code.ALREADY_EXISTS, "Pool " + pool.getName() + " is here already",
          "it is pool " + there.getName(), "nothing needs to be imported; to go back to what the disks say, export it first", there.getId());
    }
    Pool sameName = t.inventory.pools.named(pool.getName());
    if (sameName != null) {
      throw Refusal.of(Problem.Code.ALREADY_EXISTS, "There is another pool named " + pool.getName(), "",
          "rename the pool that is here, import this one, and rename it in turn", sameName.getId());
    }
    if (t.inventory.disks.size() + metadata.getDisksCount() > CatalogLimits.DISKS
        || t.inventory.volumes.size() + metadata.getVolumesCount() > CatalogLimits.VOLUMES) {
      throw Refusal.conflict("Pool " + pool.getName() + " cannot be imported", "there would be too many disks or volumes", "remove some");
    }
  }

  /** All names that are taken at once, so that nobody has to find them out one by one. */
  private void checkNames() {
    List<String> taken = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    Set<String> own = new HashSet<>();
    for (Disk disk : metadata.getDisksList()) {
      FieldRules.id(Kind.DISK, disk.getId());
      FieldRules.name(Kind.DISK, disk.getName());
      Disk there = t.inventory.disks.get(disk.getId());
      if (there != null) {
        throw Refusal.of(Problem.Code.ALREADY_EXISTS, "Disk " + disk.getName() + " of the pool is here already",
            "it is disk " + there.getName(), "remove it from this cluster without erasing it, then import", there.getId());
      }
      if (!own.add("disk id " + disk.getId()) || !own.add("disk " + disk.getName())) throw corrupt("disk " + disk.getName() + " is in it twice");
      Disk sameName = t.inventory.disks.named(disk.getName());
      if (sameName != null) {
        taken.add("disk " + disk.getName());
        ids.add(sameName.getId());
      }
    }
    for (Volume volume : metadata.getVolumesList()) {
      FieldRules.id(Kind.VOLUME, volume.getId());
      FieldRules.name(Kind.VOLUME, volume.getName());
      Volume there = t.inventory.volumes.get(volume.getId());
      if (there != null) {
        throw Refusal.of(Problem.Code.ALREADY_EXISTS, "Volume " + volume.getName() + " of the pool is here already",
            "it is volume " + there.getName(), "import only one of two copies of a pool", there.getId());
      }
      if (!own.add("volume id " + volume.getId()) || !own.add("volume " + volume.getName())) {
        throw corrupt("volume " + volume.getName() + " is in it twice");
      }
      Volume sameName = t.inventory.volumes.named(volume.getName());
      if (sameName != null) {
        taken.add("volume " + volume.getName());
        ids.add(sameName.getId());
      }
    }
    if (!taken.isEmpty()) {
      throw Refusal.of(Problem.Code.ALREADY_EXISTS, "Names in pool " + pool.getName() + " are taken here", Words.list(taken),
          "rename those that are here, then import", ids.toArray(String[]::new));
    }
  }

  private void take(Disk disk) {
    if (!disk.getPoolId().equals(pool.getId())) throw corrupt("disk " + disk.getName() + " is of another pool");
    DiskChanges.checkGeometry(disk);
    DiskChanges.checkUris(disk.getName(), disk.getUrisList());
    FieldRules.domain(disk.getDomain());
    PoolChanges.checkRoom(t, pool, disk);
    t.put(disk);
    t.about(disk.getId());
  }

  private void take(Volume volume) {
    if (!volume.getPoolId().equals(pool.getId())) throw corrupt("volume " + volume.getName() + " is of another pool");
    Optional<String> broken = VolumeRules.broken(volume);
    if (broken.isPresent()) throw corrupt("volume " + volume.getName() + ": " + broken.get());
    Volume.Builder now = volume.toBuilder().clearGrants().clearAttachments();
    for (Grant grant : volume.getGrantsList()) {
      if (t.inventory.hosts.has(grant.getHostId())) now.addGrants(grant);
      else strangers.add(grant.getHostId());
    }
    boolean lost = false;
    for (Attachment attachment : volume.getAttachmentsList()) {
      if (t.inventory.hosts.has(attachment.getHostId())) now.addAttachments(attachment);
      else lost = true;
    }
    Volume kept = now.build();
    for (Attachment attachment : volume.getAttachmentsList()) {
      boolean dropped = !t.inventory.hosts.has(attachment.getHostId());
      if (dropped && attachment.getSlot() != 0) kept = Slots.unreconciled(kept, attachment.getSlot());
    }
    if (lost) lostAttachments.add(volume.getName());
    if (!t.inventory.hosts.has(volume.getCreatedByHostId())) kept = kept.toBuilder().clearCreatedByHostId().build();
    try {
      t.put(kept);
    } catch (SpaceConflict conflict) {
      throw corrupt("volume " + volume.getName() + ": " + conflict.getMessage());
    }
    for (LegInfo leg : kept.getLayout().getLegsList()) {
      if (leg.getState() == LegInfo.State.FILLING && leg.getReplacesLegId().isEmpty()) RecoveryTasks.resumeImported(t, kept, leg.getId());
    }
    t.about(volume.getId());
  }

  /** Snapshots without the space in which their chunks lie would show what was never there. */
  private void checkAreas() {
    for (Volume volume : metadata.getVolumesList()) {
      for (String id : volume.getSnapshotAreaIdsList()) {
        Volume area = t.inventory.volumes.get(id);
        if (area == null || !area.getAreaOfVolumeId().equals(volume.getId())) throw corrupt("the space for snapshots of volume " + volume.getName() + " is missing");
      }
    }
  }

  private Refusal corrupt(String why) {
    return Refusal.of(Problem.Code.CORRUPT, "The metadata of pool " + pool.getName() + " cannot be used", why,
        "name all disks of the pool, so that the newest copy is found", pool.getId());
  }
}
