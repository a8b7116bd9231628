package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

class PictureFoldTest {
  private static final Picture BASE =
      Picture.newBuilder()
          .setNumber(1)
          .addHosts(Host.newBuilder().setId("h1").setName("one"))
          .addHosts(Host.newBuilder().setId("h2"))
          .addHostStatus(HostStatus.newBuilder().setHostId("h1"))
          .addVolumes(Volume.newBuilder().setId("v1"))
          .addVolumeStatus(VolumeStatus.newBuilder().setVolumeId("v1").setHostId("h1"))
          .addVolumeStatus(VolumeStatus.newBuilder().setVolumeId("v1").setHostId("h2"))
          .addPoolUsage(PoolUsage.newBuilder().setPoolId("p1").setFreeBytes(10))
          .build();

  @Test
  void aChangedObjectTakesItsOldPlace() {
    Picture next = with(ObjectChange.newBuilder().setHost(Host.newBuilder().setId("h1").setName("renamed")).build());
    assertEquals("renamed", next.getHosts(0).getName());
    assertEquals(2, next.getHostsCount());
    assertEquals(2, next.getNumber());
  }

  @Test
  void aNewObjectComesLast() {
    assertEquals("h3", with(ObjectChange.newBuilder().setHost(Host.newBuilder().setId("h3")).build()).getHosts(2).getId());
  }

  @Test
  void aVolumesStatusIsKeptForEachHost() {
    VolumeStatus status = VolumeStatus.newBuilder().setVolumeId("v1").setHostId("h2").setHeld(true).build();
    Picture next = with(ObjectChange.newBuilder().setVolumeStatus(status).build());
    assertEquals(2, next.getVolumeStatusCount());
    assertTrue(next.getVolumeStatus(1).getHeld());
  }

  @Test
  void whatIsRemovedTakesItsStatusWithIt() {
    Picture noHost = with(removed(RemovedObject.Kind.HOST, "h1"));
    assertEquals(1, noHost.getHostsCount());
    assertEquals(0, noHost.getHostStatusCount());
    assertEquals("h2", noHost.getVolumeStatus(0).getHostId());
    Picture noVolume = with(removed(RemovedObject.Kind.VOLUME, "v1"));
    assertEquals(0, noVolume.getVolumesCount() + noVolume.getVolumeStatusCount());
  }

  @Test
  void theUsageOfAPoolComesWithTheChange() {
    PictureDelta delta =
        PictureDelta.newBuilder().setNumber(2).addPoolUsage(PoolUsage.newBuilder().setPoolId("p1").setFreeBytes(3)).build();
    assertEquals(3, PictureFold.apply(BASE, delta).getPoolUsage(0).getFreeBytes());
  }

  @Test
  void whatANewerServerTellsOfIsPassedOver() {
    assertEquals(BASE.toBuilder().setNumber(2).build(), with(ObjectChange.getDefaultInstance()));
  }

  @Test
  void aDeltaThatDoesNotFollowIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> PictureFold.apply(BASE, PictureDelta.newBuilder().setNumber(3).build()));
  }

  private static Picture with(ObjectChange change) {
    return PictureFold.apply(BASE, PictureDelta.newBuilder().setNumber(2).addChanges(change).build());
  }

  private static ObjectChange removed(RemovedObject.Kind kind, String id) {
    return ObjectChange.newBuilder().setRemoved(RemovedObject.newBuilder().setKind(kind).setId(id)).build();
  }
}
