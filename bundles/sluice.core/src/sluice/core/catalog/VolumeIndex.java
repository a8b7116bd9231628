package sluice.core.catalog;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import sluice.core.space.DiskExtent;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Volume;

/** Finds volumes by what they refer to, and what each host has made. */
final class VolumeIndex {
  final Index ofPool = new Index();
  final Index onDisk = new Index();
  final Index grantedTo = new Index();
  final Index heldBy = new Index();
  private final Map<String, Long> bytesCreatedBy = new HashMap<>();

  long bytesCreatedBy(String hostId) {
    return bytesCreatedBy.getOrDefault(hostId, 0L);
  }

  void replace(Volume old, Volume now) {
    if (old != null) {
      String id = old.getId();
      ofPool.remove(old.getPoolId(), id);
      for (Grant g : old.getGrantsList()) grantedTo.remove(g.getHostId(), id);
      for (Attachment a : old.getAttachmentsList()) heldBy.remove(a.getHostId(), id);
      for (String disk : disks(old)) onDisk.remove(disk, id);
      count(old.getCreatedByHostId(), -old.getSizeBytes());
    }
    if (now != null) {
      String id = now.getId();
      ofPool.add(now.getPoolId(), id);
      for (Grant g : now.getGrantsList()) grantedTo.add(g.getHostId(), id);
      for (Attachment a : now.getAttachmentsList()) heldBy.add(a.getHostId(), id);
      for (String disk : disks(now)) onDisk.add(disk, id);
      count(now.getCreatedByHostId(), now.getSizeBytes());
    }
  }

  private void count(String hostId, long bytes) {
    if (hostId.isEmpty()) return;
    long sum = bytesCreatedBy(hostId) + bytes;
    if (sum == 0) bytesCreatedBy.remove(hostId);
    else bytesCreatedBy.put(hostId, sum);
  }

  private static Set<String> disks(Volume volume) {
    Set<String> disks = new HashSet<>();
    for (DiskExtent e : Inventory.extents(volume)) disks.add(e.diskId());
    return disks;
  }
}
