package sluice.console.core.san;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.console.core.view.ObjectKey;
import sluice.model.Connection;
import sluice.model.Disk;
import sluice.model.DiskState;
import sluice.model.Health;
import sluice.model.LegState;
import sluice.model.San;
import sluice.model.Volume;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;

@Timeout(60)
class ProjectorTest {
  private static final Link CONNECTED = new Link(Connection.CONNECTED, "", 1, 1, "eva", Role.ADMIN);

  private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
  /** The user interface: this test's own thread, when it feels like it. */
  private final BlockingQueue<Runnable> ui = new LinkedBlockingQueue<>();
  private final AtomicInteger askedAnew = new AtomicInteger();
  private final Projector projector = new Projector(worker, ui::add, Link.connecting(1), askedAnew::incrementAndGet);
  private final List<ModelChange> changes = new ArrayList<>();

  ProjectorTest() {
    projector.addListener(changes::add);
  }

  @AfterEach
  void stop() {
    projector.close();
    worker.shutdownNow();
  }

  @Test
  void aPictureBecomesAModelWithReferencesAndHealth() throws Exception {
    show(picture());
    San san = projector.san();
    assertEquals(Connection.CONNECTED, san.getConnection());
    assertEquals("eva", san.getMyName());
    Volume v = san.getVolumes().get(0);
    assertSame(san.getPools().get(0), v.getPool());
    assertEquals(2, san.getPools().get(0).getDisks().size());
    assertEquals(LegState.IN_SYNC, v.getLayout().getLegs().get(0).getState());
    assertEquals("d2", v.getLayout().getSegments().get(0).getLegs().get(1).getColumns().get(0).getDiskId());
    assertEquals(Health.HEALTHY, v.getHealth());
    assertSame(v, projector.object(new ObjectKey(ObjectKey.Kind.VOLUME, "v1")).orElseThrow());
    assertEquals(1, changes.size());
    assertEquals(1, projector.view().volumes().size());
  }

  @Test
  void aDiskThatIsLostIsFailedAndItsVolumeDegradedAndThePoolShowsIt() throws Exception {
    show(picture());
    delta(2, ObjectChange.newBuilder().setDiskStatus(lost("d1")).build());
    next();
    Disk d = projector.san().getDisks().get(0);
    assertEquals(DiskState.OFFLINE, d.getState());
    assertEquals(Health.FAILED, d.getHealth());
    assertEquals(Health.DEGRADED, projector.san().getVolumes().get(0).getHealth());
    assertEquals(Health.HEALTHY, projector.san().getPools().get(0).getHealth());
    assertEquals(Health.FAILED, projector.san().getPools().get(0).getWorstBelow());
    assertTrue(changes.get(1).about(new ObjectKey(ObjectKey.Kind.VOLUME, "v1")));
    assertFalse(changes.get(1).structure());
  }

  @Test
  void manyChangesAreAppliedAtOnceWhileTheUserInterfaceIsBusy() throws Exception {
    show(picture());
    for (int i = 2; i < 1002; i++) delta(i, ObjectChange.newBuilder().setDiskStatus(lost("d1").toBuilder().setSinceMs(i)).build());
    next();
    // The worker takes what there is when it wakes; what came after that waits for one more step, and no longer.
    if (projector.view().number() < 1001) next();
    assertEquals(1001, projector.view().number());
    assertEquals(1001, projector.san().getDisks().get(0).getSinceMs());
    assertTrue(changes.size() <= 3, "applied in " + changes.size() + " steps");
  }

  @Test
  void anAlertComesAndGoesThoughItHasNoHealthOfItsOwn() throws Exception {
    show(picture());
    Alert alert = Alert.newBuilder().setId("a1").setKind("disk-offline").setSeverity(Severity.ERROR).setText("disk d1 cannot be reached").addObjects("d1").build();
    delta(2, ObjectChange.newBuilder().setDiskStatus(lost("d1")).build(), ObjectChange.newBuilder().setAlert(alert).build());
    next();
    assertEquals("disk d1 cannot be reached", projector.san().getAlerts().get(0).getText());
    assertEquals(Health.FAILED, projector.san().getDisks().get(0).getHealth());
    assertEquals(Health.DEGRADED, projector.san().getHealth());
    assertEquals(Health.FAILED, projector.san().getWorstBelow());
    delta(3, ObjectChange.newBuilder().setRemoved(RemovedObject.newBuilder().setKind(RemovedObject.Kind.ALERT).setId("a1")).build());
    next();
    assertEquals(0, projector.san().getAlerts().size());
  }

  @Test
  void aSecondStepIsNotGivenBeforeTheFirstIsDone() throws Exception {
    show(picture());
    delta(2, ObjectChange.newBuilder().setDiskStatus(lost("d1")).build());
    Runnable first = take();
    delta(3, ObjectChange.newBuilder().setDiskStatus(lost("d2")).build());
    worker.submit(() -> {}).get(20, TimeUnit.SECONDS);
    assertTrue(ui.isEmpty());
    first.run();
    next();
    assertEquals(Health.FAILED, projector.san().getVolumes().get(0).getHealth());
  }

  @Test
  void aVolumeThatGoesLeavesItsPoolAndOneThatIsChangedStaysTheSameObject() throws Exception {
    show(picture());
    Volume v = projector.san().getVolumes().get(0);
    sluice.model.Layout before = v.getLayout();
    delta(2, ObjectChange.newBuilder().setVolume(volume("v1", 2)).build());
    next();
    assertSame(v, projector.san().getVolumes().get(0));
    assertEquals(2, v.getLayout().getEpoch());
    assertNotSame(before, v.getLayout());
    delta(3, ObjectChange.newBuilder().setRemoved(RemovedObject.newBuilder().setKind(RemovedObject.Kind.VOLUME).setId("v1")).build());
    next();
    assertEquals(0, projector.san().getVolumes().size());
    assertEquals(0, projector.san().getPools().get(0).getVolumes().size());
    assertTrue(projector.object(new ObjectKey(ObjectKey.Kind.VOLUME, "v1")).isEmpty());
    assertTrue(changes.get(2).structure());
  }

  @Test
  void aLostServerIsSaidSoAndNothingIsTakenAwayAndThePictureThatComesAgainIsTaken() throws Exception {
    show(picture());
    Volume v = projector.san().getVolumes().get(0);
    projector.link(new Link(Connection.LOST, "no answer", 5, 4, "eva", Role.ADMIN));
    next();
    assertEquals(Connection.LOST, projector.san().getConnection());
    assertEquals(4, projector.san().getTruthMs());
    assertTrue(changes.get(1).connection());
    assertFalse(projector.link().current());
    assertEquals(1, projector.san().getVolumes().size());
    Picture again = picture().toBuilder().setNumber(40).clearVolumes().addVolumes(volume("v1", 9)).addVolumes(volume("v2", 1)).build();
    show(again);
    assertEquals(Connection.CONNECTED, projector.san().getConnection());
    assertSame(v, projector.san().getVolumes().get(0));
    assertEquals(9, v.getLayout().getEpoch());
    assertEquals(2, projector.san().getVolumes().size());
  }

  @Test
  void eventsComeOnceAndInOrder() throws Exception {
    show(picture());
    projector.events(List.of(event(1), event(2)));
    next();
    projector.delta(PictureDelta.newBuilder().setNumber(2).addEvents(event(2)).addEvents(event(3)).build());
    next();
    assertEquals(List.of(1L, 2L, 3L), projector.san().getEvents().stream().map(sluice.model.Event::getNumber).toList());
  }

  @Test
  void moreThanCanWaitIsAskedForAnewOnceAndNotGoneThrough() throws Exception {
    show(picture());
    delta(2, ObjectChange.newBuilder().setDiskStatus(lost("d1")).build());
    Runnable hanging = take();
    for (int i = 0; i < Projector.MOST_WAITING + 10; i++) delta(3 + i, ObjectChange.newBuilder().setDiskStatus(lost("d2")).build());
    hanging.run();
    next();
    assertEquals(1, askedAnew.get());
    delta(90_000, ObjectChange.newBuilder().setDiskStatus(lost("d2")).build());
    show(picture().toBuilder().setNumber(100_000).build());
    assertEquals(1, askedAnew.get());
    assertEquals(100_000, projector.view().number());
  }

  private Runnable take() throws InterruptedException {
    Runnable r = ui.poll(30, TimeUnit.SECONDS);
    if (r == null) throw new AssertionError("nothing to apply came");
    return r;
  }

  private void next() throws InterruptedException {
    take().run();
  }

  /** Until the picture is shown; a step about something else may come before. */
  private void show(Picture p) throws InterruptedException {
    projector.picture(p, CONNECTED);
    do next(); while (projector.view().number() != p.getNumber());
  }

  private void delta(long number, ObjectChange... changes) {
    projector.delta(PictureDelta.newBuilder().setNumber(number).addAllChanges(List.of(changes)).build());
  }

  private static Event event(long number) {
    return Event.newBuilder().setNumber(number).setText("e" + number).build();
  }

  private static DiskStatus lost(String id) {
    return DiskStatus.newBuilder().setDiskId(id).setState(DiskStatus.State.OFFLINE).setReason("no answer").setSinceMs(7).build();
  }

  private static Picture picture() {
    Picture.Builder p = Picture.newBuilder().setNumber(1).setServerId("s1").addPools(Pool.newBuilder().setId("p1").setName("gold"));
    for (String d : List.of("d1", "d2")) {
      p.addDisks(sluice.protocol.v1.Disk.newBuilder().setId(d).setName(d).setPoolId("p1"));
      p.addDiskStatus(DiskStatus.newBuilder().setDiskId(d).setState(DiskStatus.State.ONLINE));
    }
    return p.addVolumes(volume("v1", 1)).build();
  }

  private static sluice.protocol.v1.Volume volume(String id, long epoch) {
    Layout.Builder layout = Layout.newBuilder().setEpoch(epoch);
    Segment.Builder segment = Segment.newBuilder().setLengthBytes(100);
    for (String d : List.of("d1", "d2")) {
      segment.addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId(d).setLengthBytes(100)));
      layout.addLegs(LegInfo.newBuilder().setId(id + d).setState(LegInfo.State.IN_SYNC));
    }
    return sluice.protocol.v1.Volume.newBuilder().setId(id).setName(id).setPoolId("p1").setLegs(2).setSizeBytes(100).setLayout(layout.addSegments(segment)).build();
  }
}
