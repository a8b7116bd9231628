package sluice.console.core.view;

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
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** A small SAN for tests, to change: two disks, a host, a mirrored volume v1 on both, a plain one v2 on d2. */
public final class Sample {
  public final Picture.Builder picture = Picture.newBuilder().setNumber(1).setTimeMs(10_000).setServerId("s1")
      .setCluster(Cluster.newBuilder().setId("c").setName("prod")).addControlAddresses("10.0.0.1:7440").addControlAddresses("10.0.1.1:7440")
      .addUsers(User.newBuilder().setName("eva").setRole(Role.OPERATOR))
      .addPools(Pool.newBuilder().setId("p1").setName("gold").setUnitBytes(1))
      .addPoolUsage(PoolUsage.newBuilder().setPoolId("p1").setTotalBytes(1000).setAllocatedBytes(300).setFreeBytes(700))
      .addHosts(Host.newBuilder().setId("h1").setName("web"))
      .addHostStatus(host("h1"))
      .addVolumes(volume("v1", "d1", "d2")).addVolumes(volume("v2", "d2"));

  public Sample() {
    for (String d : new String[] {"d1", "d2"}) {
      picture.addDisks(Disk.newBuilder().setId(d).setName(d).setPoolId("p1").setDomain("shelf-" + d).setCapacityBytes(500).setDataStartBytes(10).setDataEndBytes(490));
      picture.addDiskStatus(DiskStatus.newBuilder().setDiskId(d).setState(DiskStatus.State.ONLINE));
    }
  }

  public static HostStatus.Builder host(String id) {
    return HostStatus.newBuilder().setHostId(id).setState(HostStatus.State.ONLINE).setLeaseLeftMs(900)
        .addNetworks(NetworkStatus.newBuilder().setServerAddress("10.0.0.1:7440").setUp(true))
        .addNetworks(NetworkStatus.newBuilder().setServerAddress("10.0.1.1:7440").setUp(true));
  }

  /** One leg of 100 bytes on each disk, at offset 10; in sync. */
  public static Volume.Builder volume(String name, String... disks) {
    Layout.Builder layout = Layout.newBuilder().setEpoch(1);
    Segment.Builder segment = Segment.newBuilder().setLengthBytes(100);
    for (String d : disks) {
      segment.addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId(d).setOffsetBytes(disks.length == 1 ? 200 : 10).setLengthBytes(100)));
      if (disks.length > 1) layout.addLegs(LegInfo.newBuilder().setId(name + d).setState(LegInfo.State.IN_SYNC));
    }
    return Volume.newBuilder().setId(name).setName(name).setPoolId("p1").setSizeBytes(100).setLegs(disks.length).setLayout(layout.addSegments(segment));
  }

  public Sample lost(String disk) {
    for (int i = 0; i < picture.getDiskStatusCount(); i++) {
      if (picture.getDiskStatus(i).getDiskId().equals(disk)) picture.setDiskStatus(i, DiskStatus.newBuilder().setDiskId(disk).setState(DiskStatus.State.OFFLINE).setReason("no answer").setSinceMs(5));
    }
    return this;
  }

  /** v1's second leg is in this state. */
  public Sample leg(LegInfo.State state) {
    picture.getVolumesBuilder(0).getLayoutBuilder().getLegsBuilder(1).setState(state).setReason("disk d2 was lost").setSinceMs(7);
    return this;
  }

  public Sample recovery(Task.State state, long done, String waits) {
    picture.addTasks(Task.newBuilder().setId("12345678-t").setKind(Task.Kind.RECOVERY).setVolumeId("v1").setLegId("v1d2").setState(state));
    picture.addTaskStatus(TaskStatus.newBuilder().setTaskId("12345678-t").setDoneBytes(done).setTotalBytes(100).setBytesPerSecond(10).setWaitsFor(waits));
    return this;
  }

  /** web holds v1 so. */
  public Sample held(VolumeStatus.Route route, String reason) {
    picture.getVolumesBuilder(0).addGrants(Grant.newBuilder().setHostId("h1").setAccess(Access.READ_WRITE)).addAttachments(Attachment.newBuilder().setHostId("h1").setAccess(Access.READ_WRITE));
    picture.addVolumeStatus(VolumeStatus.newBuilder().setVolumeId("v1").setHostId("h1").setHeld(true).setRoute(route).setReason(reason).setSinceMs(8));
    return this;
  }

  public SanView view() {
    return SanViewBuilder.of(picture.build());
  }
}
