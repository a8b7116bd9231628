package sluice.api.route;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import sluice.api.DiskUri;
import sluice.api.layout.VolumeLayout;

/**
 * Everything a route needs to serve a volume on this host.
 *
 * @param volumeId the volume's id
 * @param name the volume's name, for messages
 * @param readOnly whether the grant or the attachment forbids changes
 * @param layout under which epoch the blocks lie where
 * @param ways for each disk of the layout, the ways to try, best first (this host's own findings before the server's)
 * @param poolId the pool that the label of each disk must name, or the disk is not the one that is meant
 * @param servers addresses of the servers' NBD ports, one for each network, in order of preference
 * @param clusterId the cluster that the labels must name
 * @param diskNames what people call the disks of the layout, by id; a disk without a name is called by its id
 * @param incarnation of this agent: grows with each start, so that a server can tell an old connection from a new one
 * @param slot of the write intents that this host writes before it changes anything (invariant 4); -1: none
 */
public record VolumeAccess(
    String volumeId,
    String name,
    boolean readOnly,
    VolumeLayout layout,
    Map<String, List<DiskUri>> ways,
    String poolId,
    String clusterId,
    Map<String, String> diskNames,
    List<InetSocketAddress> servers,
    long incarnation,
    int slot) {
  /** Of a volume without write intents. */
  public VolumeAccess(String volumeId, String name, boolean readOnly, VolumeLayout layout, Map<String, List<DiskUri>> ways,
      String poolId, String clusterId, Map<String, String> diskNames, List<InetSocketAddress> servers, long incarnation) {
    this(volumeId, name, readOnly, layout, ways, poolId, clusterId, diskNames, servers, incarnation, -1);
  }
}
