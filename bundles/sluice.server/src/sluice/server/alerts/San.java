package sluice.server.alerts;

import java.util.List;
import java.util.Map;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.care.CaredVolume;
import sluice.server.snapshot.Shortage;

/**
 * What alerts are made of, at one moment.
 *
 * @param nowMs since 1970
 * @param hostPatienceMs a host that is away for less is being started again
 * @param shortages of space for snapshots, by the volume's id
 */
record San(long nowMs, long hostPatienceMs, List<Volume> volumes, List<Disk> disks, List<Pool> pools, List<Host> hosts,
    List<CaredVolume> cared, List<DiskStatus> diskStatus, List<HostStatus> hostStatus, List<VolumeStatus> volumeStatus,
    List<PoolUsage> usage, Map<String, Shortage> shortages) {
  String diskName(String id) {
    return disks.stream().filter(d -> d.getId().equals(id)).map(Disk::getName).findFirst().orElse(id);
  }

  String hostName(String id) {
    return hosts.stream().filter(h -> h.getId().equals(id)).map(Host::getName).findFirst().orElse(id);
  }

  String volumeName(String id) {
    return volumes.stream().filter(v -> v.getId().equals(id)).map(Volume::getName).findFirst().orElse(id);
  }

  DiskStatus disk(String id) {
    return diskStatus.stream().filter(s -> s.getDiskId().equals(id)).findFirst().orElse(null);
  }

  /** With the names of disks and hosts in the place of their ids, which is what the care knows. */
  String named(String text) {
    String named = text;
    for (Disk d : disks) named = named.replace(d.getId(), d.getName());
    for (Host h : hosts) named = named.replace(h.getId(), h.getName());
    return named;
  }
}
