package sluice.server.status;

import java.util.List;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.VolumeStatus;

/**
 * What metrics and health show: taken on the control thread once a second, read by any thread without waiting.
 *
 * @param takenNanos when, monotonic
 */
public record ServerSnapshot(long takenNanos, int connections, int watchers, int routeConnections, List<HostStatus> hosts,
    List<DiskStatus> disks, List<VolumeStatus> volumes, List<Alert> alerts,
    List<VolumeLegs> legs) {
  /** How many legs a volume has, and how many of them are in sync. */
  public record VolumeLegs(String volumeId, int legs, int inSync) {}
}
