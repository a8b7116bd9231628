package sluice.core.catalog;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.core.space.SpaceConflict;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;

/** Builds an inventory from a saved state, and believes nothing: a catalog that is wrong must not be gone on with. */
final class CatalogLoader {
  private final Inventory inventory;
  private final Set<String> keys = new HashSet<>();

  private CatalogLoader(Inventory inventory) {
    this.inventory = inventory;
  }

  static void load(CatalogState state, Inventory inventory) {
    CatalogLoader loader = new CatalogLoader(inventory);
    try {
      loader.load(state);
    } catch (SpaceConflict conflict) {
      throw corrupt(conflict.getMessage());
    }
  }

  private void load(CatalogState state) {
    if (state.hasCluster()) inventory.replaceCluster(state.getCluster());
    for (User user : state.getUsersList()) {
      unique("user", user.getName(), user.getName());
      for (String sha256 : user.getCertificateSha256List()) unique("certificate", sha256, sha256);
      inventory.replace(null, user);
    }
    for (JoinToken token : state.getTokensList()) {
      unique("token", token.getId(), token.getId());
      inventory.replace(null, token);
    }
    for (Host host : state.getHostsList()) {
      unique("host", host.getId(), host.getName());
      for (String sha256 : host.getCertificateSha256List()) unique("certificate", sha256, sha256);
      inventory.replace(null, host);
    }
    for (Pool pool : state.getPoolsList()) {
      unique("pool", pool.getId(), pool.getName());
      if (Long.bitCount(pool.getUnitBytes()) != 1 || pool.getUnitBytes() < CatalogLimits.MIN_UNIT_BYTES
          || pool.getUnitBytes() > CatalogLimits.MAX_UNIT_BYTES) throw corrupt("pool " + pool.getName() + " has a wrong unit");
      inventory.replace(null, pool);
    }
    for (Disk disk : state.getDisksList()) {
      unique("disk", disk.getId(), disk.getName());
      if (disk.getDataStartBytes() < 0 || disk.getDataEndBytes() < disk.getDataStartBytes()) {
        throw corrupt("disk " + disk.getName() + " has a wrong data area");
      }
      inventory.replace(null, disk);
    }
    for (Volume volume : state.getVolumesList()) load(volume);
    for (Task task : state.getTasksList()) load(task);
    if (inventory.tasks.endedCount() > CatalogLimits.ENDED_TASKS) throw corrupt("there are too many tasks that have ended");
  }

  private void load(Task task) {
    unique("task", task.getId(), task.getId());
    boolean verify = task.getKind() == Task.Kind.VERIFY;
    boolean known = (verify || task.getKind() == Task.Kind.RECOVERY || MoveTasks.moves(task)) && switch (task.getState()) {
      case RUNNING, PAUSED, DONE, FAILED, CANCELLED -> true;
      default -> false;
    };
    if (!known) throw corrupt("task " + task.getId() + " is of a kind or in a state that this version does not know");
    if (task.getHistoryCount() > CatalogLimits.TASK_STEPS) throw corrupt("task " + task.getId() + " has too long a history");
    if (task.getVerification().getRangesCount() > CatalogLimits.DIFFERENT_RANGES) throw corrupt("task " + task.getId() + " has found too much");
    if (!TaskTable.isEnded(task) && verify) {
      if (!inventory.volumes.has(task.getVolumeId())) throw corrupt("task " + task.getId() + " is for a volume that is not there");
      if (inventory.tasks.openVerify(task.getVolumeId()) != null) throw corrupt("two tasks compare one volume");
    } else if (!TaskTable.isEnded(task) && task.getKind() == Task.Kind.RECOVERY) {
      Volume volume = inventory.volumes.get(task.getVolumeId());
      if (volume == null || Legs.index(volume, task.getLegId()) < 0) throw corrupt("task " + task.getId() + " is for a leg that is not there");
      if (inventory.tasks.openOfLeg(task.getLegId()) != null) throw corrupt("two tasks are for one leg");
    }
    inventory.tasks.replace(null, task);
  }

  private void load(Volume volume) {
    unique("volume", volume.getId(), volume.getName());
    Optional<String> broken = VolumeRules.broken(volume);
    if (broken.isPresent()) throw corrupt("volume " + volume.getName() + ": " + broken.get());
    if (!inventory.pools.has(volume.getPoolId())) throw corrupt("volume " + volume.getName() + " is in no pool");
    for (Grant grant : volume.getGrantsList()) known(volume, grant.getHostId());
    for (Attachment attachment : volume.getAttachmentsList()) known(volume, attachment.getHostId());
    try {
      inventory.replace(null, volume);
    } catch (SpaceConflict conflict) {
      throw corrupt("volume " + volume.getName() + ": " + conflict.getMessage());
    }
  }

  private void known(Volume volume, String hostId) {
    if (!inventory.hosts.has(hostId)) throw corrupt("volume " + volume.getName() + " is granted to or held by a host that is not there");
  }

  private void unique(String kind, String id, String name) {
    if (id.isEmpty() || name.isEmpty()) throw corrupt("a " + kind + " has no id or no name");
    if (!keys.add(kind + " id " + id) || !keys.add(kind + " name " + name)) throw corrupt(kind + " " + name + " is there twice");
  }

  private static SluiceException corrupt(String why) {
    return new SluiceException(ErrorCode.CORRUPT, "The saved catalog cannot be used", Words.cut(why, CatalogLimits.TEXT_CHARS),
        "restore the server's folder from a backup, or start a new server and import the pools from their disks");
  }
}
