package sluice.core.catalog;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import sluice.core.layout.LayoutRules;
import sluice.core.snapshot.AreaSizes;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Snapshot;
import sluice.protocol.v1.Volume;

/** What is true of each volume by itself, whether it was changed here or read from a disk. */
final class VolumeRules {
  private VolumeRules() {}

  /** The first rule that it breaks, as a clause. */
  static Optional<String> broken(Volume volume) {
    Optional<String> layout = LayoutRules.broken(volume);
    if (layout.isPresent()) return layout;
    Optional<String> snapshots = snapshotsBroken(volume);
    if (snapshots.isPresent()) return snapshots;
    Set<String> granted = new HashSet<>();
    for (Grant grant : volume.getGrantsList()) {
      if (!isAccess(grant.getAccess())) return Optional.of("a grant of it says not what for");
      if (!granted.add(grant.getHostId())) return Optional.of("a host has two grants for it");
    }
    Set<String> holders = new HashSet<>();
    boolean written = false;
    for (Attachment attachment : volume.getAttachmentsList()) {
      if (!isAccess(attachment.getAccess())) return Optional.of("an attachment of it says not what for");
      if (!holders.add(attachment.getHostId())) return Optional.of("a host holds it twice");
      if (!granted(volume, attachment.getHostId(), attachment.getAccess())) return Optional.of("a host without a grant holds it");
      written |= attachment.getAccess() == Access.READ_WRITE;
    }
    if (!volume.getShared() && written && holders.size() > 1) return Optional.of("it is not shared, but a writer does not hold it alone");
    return Optional.ofNullable(Slots.broken(volume));
  }

  private static Optional<String> snapshotsBroken(Volume volume) {
    if (volume.getSnapshotsCount() > 0 && (!AreaSizes.isChunk(volume.getChunkBytes()) || volume.getSnapshotAreaIdsCount() == 0)) {
      return Optional.of("it has snapshots and no room for them");
    }
    long last = 0;
    for (Snapshot s : volume.getSnapshotsList()) {
      if (s.getNumber() <= last || s.getNumber() > volume.getLayout().getEpoch()) return Optional.of("its snapshots are not in order");
      last = s.getNumber();
    }
    long restoring = volume.getRestoringNumber();
    if (restoring == 0) return Optional.empty();
    if (volume.getAttachmentsCount() > 0) return Optional.of("it is being restored, and somebody holds it");
    return volume.getSnapshotsList().stream().anyMatch(s -> s.getNumber() == restoring) ? Optional.empty() : Optional.of("it is being restored to no snapshot");
  }

  static boolean isAccess(Access access) {
    return access == Access.READ_ONLY || access == Access.READ_WRITE;
  }

  static boolean granted(Volume volume, String hostId, Access access) {
    for (Grant grant : volume.getGrantsList()) {
      if (grant.getHostId().equals(hostId)) return grant.getAccess() == Access.READ_WRITE || access == Access.READ_ONLY;
    }
    return false;
  }
}
