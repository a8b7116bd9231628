package sluice.server.alerts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.core.care.CareFacts;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.server.care.CaredVolume;
import sluice.server.snapshot.Shortage;

class AlertsTest {
  private static final Volume MIRRORED = Volume.newBuilder().setId("v-id").setName("v1").setPoolId("p-id")
      .setLayout(Layout.newBuilder().addLegs(LegInfo.newBuilder().setId("a")).addLegs(LegInfo.newBuilder().setId("b"))).build();
  private static final Volume PLAIN = Volume.newBuilder().setId("w-id").setName("w1").setPoolId("p-id")
      .addAttachments(Attachment.newBuilder().setHostId("h-id")).setLayout(Layout.newBuilder().addSegments(Segment.newBuilder()
          .addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId("d-id"))))).build();

  private List<CaredVolume> cared = List.of();
  private List<DiskStatus> disks = List.of();
  private List<HostStatus> hosts = List.of();
  private List<VolumeStatus> volumes = List.of();
  private List<PoolUsage> usage = List.of();
  private Map<String, Shortage> full = Map.of();

  private Map<String, Alert> alerts() {
    return Alerts.of(new San(100_000, 15_000, List.of(MIRRORED, PLAIN), List.of(Disk.newBuilder().setId("d-id").setName("d1").build()),
        List.of(Pool.newBuilder().setId("p-id").setName("gold").build()), List.of(Host.newBuilder().setId("h-id").setName("h1").build()),
        cared, disks, hosts, volumes, usage, full));
  }

  private void care(CareFacts.State state, String reason, String noSpare, CareFacts.StaleHost... stale) {
    cared = List.of(new CaredVolume(MIRRORED, new CareFacts(state, reason, 7_000, noSpare, List.of(stale), List.of(), 0, 0)));
  }

  private static DiskStatus disk(DiskStatus.State state) {
    return DiskStatus.newBuilder().setDiskId("d-id").setState(state).setReason(state == DiskStatus.State.ONLINE ? "" : "cable").setSinceMs(5_000).build();
  }

  @Test
  void snapshotsWithoutRoomAreToldWithWhatFollowsOfIt() {
    full = Map.of(PLAIN.getId(), new Shortage("its limit is reached", false));
    Alert nearly = alerts().get("snapshots-nearly-full " + PLAIN.getId());
    assertEquals(Severity.WARNING, nearly.getSeverity());
    assertTrue(nearly.getText().contains("when it is full, writes") && !alerts().containsKey("snapshots-full " + PLAIN.getId()), nearly.getText());
    full = Map.of(PLAIN.getId(), new Shortage("its limit is reached", true));
    Alert alert = alerts().get("snapshots-full " + PLAIN.getId());
    assertEquals(Severity.ERROR, alert.getSeverity());
    assertTrue(alert.getText().contains(PLAIN.getName()) && alert.getText().contains("its limit is reached"), alert.getText());
  }

  @Test
  void whenAllIsWellNothingIsSaid() {
    care(CareFacts.State.HEALTHY, "", "");
    disks = List.of(disk(DiskStatus.State.ONLINE));
    assertEquals(Map.of(), alerts());
  }

  @Test
  void aVolumeIsDegradedOrUnavailableAndPeopleReadNamesNotIds() {
    care(CareFacts.State.DEGRADED, "copy 2 (disk d-id) is out of date", "no room on d-id");
    assertEquals(Set.of("volume-degraded v-id", "no-spare v-id"), alerts().keySet());
    Alert degraded = alerts().get("volume-degraded v-id");
    assertTrue(degraded.getText().contains("copy 2 (disk d1)"), degraded.getText());
    assertEquals(7_000, degraded.getSinceMs());
    assertFalse(degraded.getCorrection().isEmpty());
    care(CareFacts.State.UNAVAILABLE, "x", "");
    assertEquals(Set.of("volume-unavailable v-id"), alerts().keySet());
  }

  @Test
  void aLostDiskTakesItsVolumesOfOneLegWithIt() {
    disks = List.of(disk(DiskStatus.State.OFFLINE));
    assertEquals(Set.of("disk-offline d-id", "volume-unavailable w-id"), alerts().keySet());
    disks = List.of(DiskStatus.newBuilder().setDiskId("d-id").setState(DiskStatus.State.WRONG).setReason("another disk").build());
    assertEquals(2, alerts().size());
  }

  @Test
  void aHostThatIsAwayIsStaleOnceItIsAwayForLongOrAChangeWaitsForIt() {
    hosts = List.of(HostStatus.newBuilder().setHostId("h-id").setState(HostStatus.State.OFFLINE).setSinceMs(90_000).build());
    assertEquals(Map.of(), alerts());
    care(CareFacts.State.HEALTHY, "", "", new CareFacts.StaleHost("h-id", "host h-id is waited for", 90_000));
    assertTrue(alerts().get("host-stale h-id").getText().contains("host h1 is waited for"));
    cared = List.of();
    hosts = List.of(HostStatus.newBuilder().setHostId("h-id").setState(HostStatus.State.OFFLINE).setSinceMs(10_000).build());
    assertTrue(alerts().get("host-stale h-id").getText().contains("w1"));
  }

  @Test
  void aHostThatGoesThroughTheServerIsSaidOnceForAllItsVolumes() {
    volumes = List.of(VolumeStatus.newBuilder().setVolumeId("v-id").setHostId("h-id").setHeld(true).setRoute(VolumeStatus.Route.SERVER)
        .setSinceMs(3_000).setReason("cable").build(), VolumeStatus.newBuilder().setVolumeId("w-id").setHostId("h-id").setHeld(true)
        .setRoute(VolumeStatus.Route.SERVER).setSinceMs(4_000).build());
    Alert a = alerts().get("host-rerouted h-id");
    assertTrue(a.getText().contains("v1, w1") && a.getText().contains("cable"), a.getText());
    assertEquals(3_000, a.getSinceMs());
  }

  @Test
  void aPoolIsNearlyFullFrom85Percent() {
    usage = List.of(PoolUsage.newBuilder().setPoolId("p-id").setTotalBytes(1000).setAllocatedBytes(849).build());
    assertEquals(Map.of(), alerts());
    usage = List.of(PoolUsage.newBuilder().setPoolId("p-id").setTotalBytes(1000).setAllocatedBytes(850).build());
    assertEquals(Set.of("pool-nearly-full p-id"), alerts().keySet());
    usage = List.of(PoolUsage.getDefaultInstance());
    assertEquals(Map.of(), alerts());
  }
}
