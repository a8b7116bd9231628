package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.ExportPool;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Volume;

/** Takes a pool out of the catalog. The disks keep everything, so allowances for the pool stay for when it comes back. */
final class PoolExports {
  private PoolExports() {}

  static void export(Transaction t, ExportPool export) {
    Pool pool = t.pool(export.getPoolId());
    List<Volume> volumes = t.inventory.volumes(t.inventory.volumesBy.ofPool.of(pool.getId()));
    List<Volume> attached = new ArrayList<>();
    for (Volume volume : volumes) if (volume.getAttachmentsCount() > 0) attached.add(volume);
    if (!attached.isEmpty()) {
      throw Refusal.conflict("Pool " + pool.getName() + " cannot be exported",
          VolumeWords.list(attached) + (attached.size() == 1 ? " is" : " are") + " attached", attached.size() == 1 ? "detach it first" : "detach them first",
          VolumeWords.ids(pool.getId(), attached));
    }
    MoveConflicts.checkPool(t, pool, "cannot be exported");
    List<Disk> disks = t.inventory.disksOfPool(pool.getId());
    for (Volume volume : volumes) {
      RecoveryTasks.forgetOpen(t, volume.getId());
      t.remove(volume);
    }
    for (Disk disk : disks) t.remove(disk);
    t.remove(pool);
    t.about(pool.getId());
    t.event(Severity.WARNING, "pool-exported", "pool " + pool.getName() + " exported with " + Words.count(disks.size(), "disk") + " and "
        + Words.count(volumes.size(), "volume") + " by " + t.actorWords(), pool.getId());
  }
}
