package sluice.console.core.sample;

import java.util.UUID;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Cluster;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.IoCounters;
import sluice.protocol.v1.LatencySummary;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.NetworkStatus;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** The large cluster at its first moment. The same size gives the same picture. Pure. */
public final class SamplePicture {
  static final String SERVER = "10.0.0.1:7440";
  private static final long EXTENT = 1L << 30;
  private static final int POOLS = 20;

  private final SampleSize size;

  public SamplePicture(SampleSize size) {
    this.size = size;
  }

  /** Ids look like the real ones, for their length counts. */
  static String id(char kind, int n) {
    return new UUID(kind, n).toString();
  }

  public Picture make(long timeMs) {
    Picture.Builder p = Picture.newBuilder().setNumber(1).setTimeMs(timeMs).setServerId("s1").setSoftware("sluice-sample 1.0.0").addControlAddresses(SERVER)
        .setCluster(Cluster.newBuilder().setId(id('c', 0)).setName("sample")).addUsers(User.newBuilder().setName("admin").setRole(Role.ADMIN));
    for (int i = 0; i < POOLS; i++) {
      p.addPools(Pool.newBuilder().setId(id('p', i)).setName("pool" + i).setUnitBytes(1 << 20));
      p.addPoolUsage(PoolUsage.newBuilder().setPoolId(id('p', i)).setTotalBytes(1L << 50).setAllocatedBytes(1L << 49).setFreeBytes(1L << 49));
    }
    for (int i = 0; i < size.disks(); i++) disk(p, i, timeMs);
    for (int i = 0; i < size.hosts(); i++) {
      p.addHosts(Host.newBuilder().setId(id('h', i)).setName("host" + i).addCertificateSha256(String.format("%064x", i)));
      p.addHostStatus(host(i, timeMs));
    }
    for (int i = 0; i < size.volumes(); i++) {
      p.addVolumes(volume(i, 1));
      p.addVolumeStatus(status(i, 0, VolumeStatus.Route.DIRECT, timeMs));
    }
    return p.build();
  }

  private void disk(Picture.Builder p, int i, long timeMs) {
    long capacity = EXTENT * (2L * size.extents() / size.disks() + 16);
    p.addDisks(Disk.newBuilder().setId(id('d', i)).setName("disk" + i).setPoolId(id('p', i % POOLS)).setDomain("shelf" + i / 24).addUris("dev:/dev/disk/by-id/sample-" + i)
        .setCapacityBytes(capacity).setDataStartBytes(1 << 20).setDataEndBytes(capacity - (1 << 20)));
    p.addDiskStatus(disk(i, true, timeMs));
  }

  DiskStatus disk(int i, boolean online, long timeMs) {
    return DiskStatus.newBuilder().setDiskId(id('d', i)).setState(online ? DiskStatus.State.ONLINE : DiskStatus.State.OFFLINE).setReason(online ? "" : "no answer").setSinceMs(timeMs).build();
  }

  HostStatus host(int i, long timeMs) {
    return HostStatus.newBuilder().setHostId(id('h', i)).setState(HostStatus.State.ONLINE).setSinceMs(timeMs).setSoftware("sluice-agent 1.0.0").setIncarnation(1).setLeaseLeftMs(900)
        .addNetworks(NetworkStatus.newBuilder().setServerAddress(SERVER).setUp(true).setSinceMs(timeMs).setPeerAddress("10.0.1." + i % 250)).build();
  }

  /** Two copies on disks of one pool, each of many extents. */
  Volume volume(int i, long epoch) {
    int perLeg = size.perLeg();
    int perPool = size.disks() / POOLS;
    Layout.Builder layout = Layout.newBuilder().setEpoch(epoch).setRegionBytes(1 << 20);
    for (int leg = 0; leg < 2; leg++) layout.addLegs(LegInfo.newBuilder().setId(id((char) ('x' + leg), i)).setState(LegInfo.State.IN_SYNC));
    for (int s = 0; s < perLeg; s++) {
      Segment.Builder segment = Segment.newBuilder().setStartBytes(s * EXTENT).setLengthBytes(EXTENT);
      for (int leg = 0; leg < 2; leg++) {
        int disk = i % POOLS + POOLS * ((i / POOLS * 7 + s + leg * (perPool / 2)) % Math.max(1, perPool));
        long slot = (long) (i / size.disks()) * perLeg + s;
        segment.addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId(id('d', disk % size.disks())).setOffsetBytes((1 << 20) + slot * EXTENT).setLengthBytes(EXTENT)));
      }
      layout.addSegments(segment);
    }
    String host = id('h', i % size.hosts());
    return Volume.newBuilder().setId(id('v', i)).setName("volume" + i).setPoolId(id('p', i % POOLS)).setSizeBytes(perLeg * EXTENT).setStripes(1).setLegs(2).setLayout(layout)
        .addGrants(Grant.newBuilder().setHostId(host).setAccess(Access.READ_WRITE)).addAttachments(Attachment.newBuilder().setHostId(host).setAccess(Access.READ_WRITE)).build();
  }

  VolumeStatus status(int i, long done, VolumeStatus.Route route, long timeMs) {
    return VolumeStatus.newBuilder().setVolumeId(id('v', i)).setHostId(id('h', i % size.hosts())).setHeld(true).setRoute(route).setReason(route == VolumeStatus.Route.DIRECT ? "" : "a path is lost")
        .setSinceMs(timeMs).setEpoch(1).setNbdUri("nbd+unix:///volume" + i + "?socket=/run/sluice/volume" + i + ".sock")
        .setCounters(IoCounters.newBuilder().setReads(done * 3).setWrites(done).setReadBytes(done * 12288).setWrittenBytes(done * 4096)
            .setLatency(LatencySummary.newBuilder().setRequests(done == 0 ? 0 : 100).setP50Us(120 + i % 50).setP99Us(900 + i % 500))).build();
  }
}
