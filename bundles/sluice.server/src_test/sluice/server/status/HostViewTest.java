package sluice.server.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.VolumeStatus;

class HostViewTest {
  private final HostView view = new HostView("h1");

  private static Volume volume(String id, String... hosts) {
    Volume.Builder b = Volume.newBuilder().setId(id).setPoolId("p");
    for (String h : hosts) b.addGrants(Grant.newBuilder().setHostId(h).setAccess(Access.READ_WRITE));
    return b.build();
  }

  private static ObjectChange change(Volume v) {
    return ObjectChange.newBuilder().setVolume(v).build();
  }

  private static ObjectChange removed(String id) {
    return ObjectChange.newBuilder().setRemoved(RemovedObject.newBuilder().setKind(RemovedObject.Kind.VOLUME).setId(id).setPoolId("p")).build();
  }

  @Test
  void aVolumeComesWithItsGrantAndGoesWithItAndOthersAreNeverSpokenOf() {
    view.of(Picture.newBuilder().addVolumes(volume("v1", "h1", "h2")).addVolumes(volume("v2", "h2")).build());
    assertEquals(List.of(), view.of(List.of(change(volume("v2", "h2")), removed("v2"), removed("v3"),
        ObjectChange.newBuilder().setDisk(Disk.newBuilder().setId("d")).build(),
        ObjectChange.newBuilder().setUser(User.newBuilder().setName("u")).build(),
        ObjectChange.newBuilder().setTask(Task.newBuilder().setId("t").setVolumeId("v1")).build(),
        ObjectChange.newBuilder().setTaskStatus(TaskStatus.newBuilder().setTaskId("t")).build(),
        ObjectChange.newBuilder().setAlert(Alert.newBuilder().setId("a").addObjects("v1")).build(),
        ObjectChange.newBuilder().setRemoved(RemovedObject.newBuilder().setKind(RemovedObject.Kind.ALERT).setId("a")).build(),
        ObjectChange.newBuilder().setVolumeStatus(VolumeStatus.newBuilder().setVolumeId("v1").setHostId("h2")).build())));
    Volume shown = view.of(List.of(change(volume("v2", "h2", "h1")))).get(0).getVolume();
    assertEquals(List.of("h1"), shown.getGrantsList().stream().map(Grant::getHostId).toList());
    assertEquals("v2", view.of(List.of(change(volume("v2", "h2")))).get(0).getRemoved().getId());
    assertEquals("v1", view.of(List.of(removed("v1"))).get(0).getRemoved().getId());
  }

  @Test
  void eventsThatNameAnythingElseAreNotTold() {
    view.of(Picture.newBuilder().addVolumes(volume("v1", "h1")).build());
    Event own = Event.newBuilder().addObjects("h1").addObjects("v1").build();
    Event mixed = Event.newBuilder().addObjects("v1").addObjects("h2").build();
    assertEquals(List.of(own), view.events(List.of(own, mixed, Event.getDefaultInstance())));
  }

  @Test
  void aRouteIsAnEventWhenItChangesAndOnlyThen() {
    VolumeStatus direct = VolumeStatus.newBuilder().setHeld(true).setRoute(VolumeStatus.Route.DIRECT).build();
    VolumeStatus server = VolumeStatus.newBuilder().setHeld(true).setRoute(VolumeStatus.Route.SERVER).setReason("a").build();
    assertNull(RouteEvents.between(null, direct, "v", "h"));
    assertNotNull(RouteEvents.between(null, server, "v", "h"));
    assertNotNull(RouteEvents.between(direct, server, "v", "h"));
    assertNull(RouteEvents.between(server, server.toBuilder().setReason("b").build(), "v", "h"));
    assertNotNull(RouteEvents.between(server, direct, "v", "h"));
    assertNull(RouteEvents.between(server, server.toBuilder().setHeld(false).build(), "v", "h"));
    VolumeStatus waiting = direct.toBuilder().setRoute(VolumeStatus.Route.WAITING).setReason("opening").build();
    assertEquals(Severity.INFO, RouteEvents.between(null, waiting, "v", "h").severity(), "it is being opened");
    assertEquals(Severity.INFO, RouteEvents.between(direct, waiting.toBuilder().setQuiesced(true).build(), "v", "h").severity(), "it was asked to stand still");
    assertEquals(Severity.ERROR, RouteEvents.between(direct, waiting, "v", "h").severity());
  }
}
