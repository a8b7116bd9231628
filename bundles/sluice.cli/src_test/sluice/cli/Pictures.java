package sluice.cli;

import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** Clusters to look at. */
final class Pictures {
  private static final long GIB = 1L << 30;

  private Pictures() {}

  /** Host h1 holds v1 by the server route; h2 is offline; v2 is nobody's; pool gold on disks d1 and d2. */
  static Picture small() {
    return Picture.newBuilder().setNumber(5).setTimeMs(1_795_356_187_000L)
        .setCluster(Cluster.newBuilder().setId("c").setName("lab")).addControlAddresses("10.0.0.1:7440")
        .addUsers(User.newBuilder().setName("admin").setRole(Role.ADMIN))
        .addHosts(Host.newBuilder().setId("h-1").setName("h1")).addHosts(Host.newBuilder().setId("h-2").setName("h2"))
        .addHostStatus(HostStatus.newBuilder().setHostId("h-1").setState(HostStatus.State.ONLINE).setSinceMs(1_795_356_000_000L).setLeaseLeftMs(9000)
            .addNetworks(NetworkStatus.newBuilder().setServerAddress("10.0.0.1:7440").setUp(true))
            .addNetworks(NetworkStatus.newBuilder().setServerAddress("10.1.0.1:7440").setReason("connection refused")))
        .addPools(Pool.newBuilder().setId("p-1").setName("gold").setUnitBytes(1 << 20))
        .addPoolUsage(PoolUsage.newBuilder().setPoolId("p-1").setTotalBytes(20 * GIB).setAllocatedBytes(2 * GIB).setFreeBytes(18 * GIB).setLargestLinearBytes(9 * GIB))
        .addDisks(disk("d-1", "d1")).addDisks(disk("d-2", "d2"))
        .addDiskStatus(DiskStatus.newBuilder().setDiskId("d-1").setState(DiskStatus.State.ONLINE).setUri("file:/d1"))
        .addDiskStatus(DiskStatus.newBuilder().setDiskId("d-2").setState(DiskStatus.State.OFFLINE).setReason("connection refused"))
        .addVolumes(volume("v-1", "v1", 0).addGrants(Grant.newBuilder().setHostId("h-1").setAccess(Access.READ_WRITE))
            .addAttachments(Attachment.newBuilder().setHostId("h-1").setAccess(Access.READ_WRITE).setSinceMs(1_795_356_000_000L)))
        .addVolumes(volume("v-2", "v2", GIB))
        .addVolumeStatus(VolumeStatus.newBuilder().setVolumeId("v-1").setHostId("h-1").setHeld(true).setRoute(VolumeStatus.Route.SERVER)
            .setReason("disk d1: the disk reported an I/O error").setSinceMs(1_795_356_100_000L).setNbdUri("nbd+unix:///v1?socket=/x/v1.sock"))
        .build();
  }

  private static Disk disk(String id, String name) {
    return Disk.newBuilder().setId(id).setName(name).setPoolId("p-1").addUris("file:/" + name).setCapacityBytes(11 * GIB).setDataStartBytes(GIB).setDataEndBytes(11 * GIB).build();
  }

  private static Volume.Builder volume(String id, String name, long offset) {
    Extent extent = Extent.newBuilder().setDiskId("d-1").setOffsetBytes(GIB + offset).setLengthBytes(GIB).build();
    return Volume.newBuilder().setId(id).setName(name).setPoolId("p-1").setSizeBytes(GIB).setStripes(1).setLayout(Layout.newBuilder().setEpoch(1)
        .addSegments(Segment.newBuilder().setLengthBytes(GIB).addLegs(Leg.newBuilder().addColumns(extent))));
  }
}
