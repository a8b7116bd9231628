package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Volume;

/**
 * What a host may change by itself. These rules are in the catalog, other than the roles of users, because they depend
 * on its state. A volume that a host may not see is for it one that does not exist (invariant 9).
 */
final class HostRights {
  private HostRights() {}

  static void check(Transaction t, Change change) {
    if (!t.byHost()) return;
    Host host = t.inventory.hosts.get(t.actor().getName());
    if (host == null) throw forbidden("This host is not known", "it has been removed");
    switch (change.getBodyCase()) {
      case CREATE_VOLUME -> checkPool(host, change.getCreateVolume().getPoolId());
      case RESIZE_VOLUME -> checkMade(t, host, change.getResizeVolume().getVolumeId());
      case DELETE_VOLUME -> checkMade(t, host, change.getDeleteVolume().getVolumeId());
      case ATTACH_VOLUME -> checkOwn(t, host, change.getAttachVolume().getHostId(), change.getAttachVolume().getVolumeId());
      case DETACH_VOLUME -> checkOwn(t, host, change.getDetachVolume().getHostId(), change.getDetachVolume().getVolumeId());
      case RELEASE_VOLUME -> checkOwn(t, host, change.getReleaseVolume().getHostId(), change.getReleaseVolume().getVolumeId());
      case NOTE_REFUSAL -> {
        // the server's note of what the host tried
      }
      default -> throw forbidden("A host may not do this", "it is for administrators");
    }
  }

  private static void checkPool(Host host, String poolId) {
    if (!host.hasAllowance() || !host.getAllowance().getPoolId().equals(poolId)) {
      throw Refusal.of(Problem.Code.FORBIDDEN, "Host " + host.getName() + " may not allocate in this pool", "it has no allowance for it",
          "ask an administrator for one: sluice host allow " + host.getName() + " --pool POOL --max SIZE");
    }
  }

  private static void checkMade(Transaction t, Host host, String volumeId) {
    Volume volume = visible(t, host, volumeId);
    if (!volume.getCreatedByHostId().equals(host.getId())) {
      throw forbidden("Host " + host.getName() + " may not change volume " + volume.getName(), "it has not made it");
    }
  }

  private static void checkOwn(Transaction t, Host host, String hostId, String volumeId) {
    if (!hostId.equals(host.getId())) throw forbidden("Host " + host.getName() + " may not act for another host", "");
    visible(t, host, volumeId);
  }

  private static Volume visible(Transaction t, Host host, String volumeId) {
    Volume volume = t.volume(volumeId);
    if (!isVisible(t, host.getId(), volume.getId())) throw Refusal.notFound(Kind.VOLUME, volumeId);
    return volume;
  }

  private static boolean isVisible(Transaction t, String hostId, String volumeId) {
    Volume volume = t.inventory.volumes.get(volumeId);
    return volume != null && (volume.getCreatedByHostId().equals(hostId)
        || t.inventory.volumesBy.grantedTo.of(hostId).contains(volumeId)
        || t.inventory.volumesBy.heldBy.of(hostId).contains(volumeId));
  }

  /** Of administrators nothing is asked. @param more bytes than there are now */
  static void checkAllowance(Transaction t, String volume, String poolId, long more) {
    if (!t.byHost()) return;
    Host host = t.host(t.actor().getName());
    checkPool(host, poolId);
    long used = t.inventory.volumesBy.bytesCreatedBy(host.getId());
    long allowed = host.getAllowance().getMaxBytes();
    if (used > allowed || more > allowed - used) {
      throw Refusal.of(Problem.Code.FORBIDDEN, "Host " + host.getName() + " may not allocate " + FieldRules.bytes(more) + " for volume " + volume,
          FieldRules.bytes(used) + " of the " + FieldRules.bytes(allowed) + " allowed are in use",
          "choose a smaller size, delete a volume, or ask an administrator for a larger allowance (sluice host allow " + host.getName() + " --pool POOL --max SIZE)");
    }
  }

  private static Refusal forbidden(String what, String why) {
    return Refusal.of(Problem.Code.FORBIDDEN, what, why, "ask an administrator");
  }

  /** The problem as its asker may know it: a host learns nothing of disks, nor of what belongs to others. */
  static Problem visible(Transaction t, Problem problem) {
    if (!t.byHost()) return problem;
    String hostId = t.actor().getName();
    Problem.Builder seen = problem.toBuilder().clearCandidates().clearObjects();
    for (String id : problem.getObjectsList()) if (id.equals(hostId) || isVisible(t, hostId, id)) seen.addObjects(id);
    return seen.build();
  }

  /** Names for administrators; a host learns whether it is itself, or others. */
  static String holders(Transaction t, Volume volume) {
    List<String> names = new ArrayList<>();
    boolean others = false;
    for (Attachment a : volume.getAttachmentsList()) {
      if (!t.byHost() || a.getHostId().equals(t.actor().getName())) names.add("host " + t.host(a.getHostId()).getName());
      else others = true;
    }
    if (others) names.add(names.isEmpty() ? "another host" : "others");
    return Words.list(names);
  }

  static String[] holderIds(Volume volume) {
    List<String> ids = new ArrayList<>();
    ids.add(volume.getId());
    for (Attachment a : volume.getAttachmentsList()) if (ids.size() < CatalogLimits.OBJECTS) ids.add(a.getHostId());
    return ids.toArray(String[]::new);
  }
}
