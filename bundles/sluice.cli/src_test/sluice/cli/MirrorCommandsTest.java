package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;
import sluice.protocol.v1.Volume;

class MirrorCommandsTest {
  private static final long GIB = 1L << 30;

  private final FakeCluster cluster = new FakeCluster();

  /** v3 has a leg in sync on d1 and one that is being filled on d2, by a task that has done 423 of 1024 MiB. */
  @BeforeEach
  void aVolumeThatIsBeingRecovered() {
    Segment.Builder segment = Segment.newBuilder().setLengthBytes(GIB);
    for (String disk : new String[] {"d-1", "d-2"}) {
      segment.addLegs(Leg.newBuilder().addColumns(Extent.newBuilder().setDiskId(disk).setOffsetBytes(3 * GIB).setLengthBytes(GIB)));
    }
    Layout layout = Layout.newBuilder().setEpoch(4).addSegments(segment).setRegionBytes(1 << 20)
        .addLegs(leg("l-1", LegInfo.State.IN_SYNC, "d-1")).addLegs(leg("l-2", LegInfo.State.FILLING, "d-2").setReason("disk d2 was lost")).build();
    cluster.picture = cluster.picture.toBuilder()
        .addVolumes(Volume.newBuilder().setId("v-3").setName("v3").setPoolId("p-1").setSizeBytes(GIB).setStripes(1).setLegs(2).setLayout(layout))
        .addTasks(task(Task.State.RUNNING))
        .addTaskStatus(TaskStatus.newBuilder().setTaskId("77aa88bb-1").setDoneBytes(423L << 20).setTotalBytes(GIB)
            .setBytesPerSecond(100L << 20).setLeftMs(6000).setWindowStartBytes(423L << 20).setWindowEndBytes(487L << 20))
        .addAlerts(Alert.newBuilder().setId("a").setSeverity(Severity.WARNING).setText("volume v3 has 1 of 2 legs in sync")
            .setCorrection("nothing: leg 2 is being filled").setSinceMs(1_795_356_000_000L))
        .build();
  }

  private static LegInfo.Builder leg(String id, LegInfo.State state, String disk) {
    return LegInfo.newBuilder().setId(id).setState(state)
        .setIntents(Extent.newBuilder().setDiskId(disk).setOffsetBytes(5 * GIB).setLengthBytes(1 << 20));
  }

  private static Task.Builder task(Task.State state) {
    return Task.newBuilder().setId("77aa88bb-1").setKind(Task.Kind.RECOVERY).setVolumeId("v-3").setLegId("l-2").setState(state)
        .setCreatedMs(1_795_356_000_000L);
  }

  private String ok(String... args) {
    assertEquals(0, cluster.run(args), cluster.err());
    return cluster.out();
  }

  @Test
  void copiesAreAskedForByNumber() {
    ok("volume", "create", "v9", "--size", "1G", "--pool", "gold", "--legs", "3");
    assertEquals(3, cluster.last().getChange().getCreateVolume().getLegs());
    assertEquals(2, cluster.run("volume", "create", "v9", "--size", "1G", "--pool", "gold", "--legs", "5"));
    assertTrue(cluster.err().contains("1 to 4"), cluster.err());
  }

  @Test
  void aDegradedVolumeSaysSoWhereverItIsListed() {
    assertTrue(ok("volume", "list").contains("2 legs, linear, DEGRADED: 1 of 2 legs in sync"), cluster.out());
    String shown = ok("volume", "show", "v3");
    assertTrue(shown.contains("filling") && shown.contains("41.3 %") && shown.contains("disk d2 was lost"), shown);
    assertFalse(ok("volume", "show", "v1").contains("LEG"), "one copy has no legs to speak of");
  }

  @Test
  void theStatusBeginsWithWhatNeedsAttentionAndWhatIsAtWork() {
    String shown = ok("status");
    int alert = shown.indexOf("volume v3 has 1 of 2 legs in sync");
    int task = shown.indexOf("77aa88bb");
    assertTrue(alert > 0 && task > alert && shown.indexOf("HOST") > task, shown);
    assertTrue(ok("alert", "list").contains("nothing: leg 2 is being filled"));
  }

  @Test
  void aTaskIsNamedByItsIdTheBeginOfItOrItsVolume() {
    for (String name : new String[] {"77aa88bb-1", "77aa", "v3"}) {
      ok("task", "pause", name);
      assertEquals("77aa88bb-1", cluster.last().getChange().getControlTask().getTaskId());
    }
    assertEquals(3, cluster.run("task", "pause", "v1"));
  }

  @Test
  void aTaskIsSlowedDownAndLetGo() {
    ok("task", "throttle", "v3", "50MiB/s");
    assertEquals(50L << 20, cluster.last().getChange().getControlTask().getMaxBytesPerSecond());
    ok("task", "throttle", "v3", "none");
    assertEquals(ControlTask.Action.THROTTLE, cluster.last().getChange().getControlTask().getAction());
    assertEquals(0, cluster.last().getChange().getControlTask().getMaxBytesPerSecond());
    assertEquals(2, cluster.run("task", "throttle", "v3", "fast"));
    assertTrue(cluster.err().contains("'fast' is no rate"), cluster.err());
  }

  @Test
  void neverAHundredBeforeTheEnd() {
    TaskStatus all = TaskStatus.newBuilder().setDoneBytes(GIB).setTotalBytes(GIB).build();
    assertEquals("99.9 %", Tasks.percent(task(Task.State.RUNNING).build(), all));
    assertEquals("100 %", Tasks.percent(task(Task.State.DONE).build(), all));
  }

  @Test
  void watchingATaskThatHasEndedEndsAtOnceWithItsOutcome() {
    Picture running = cluster.picture;
    cluster.picture = running.toBuilder().setTasks(0, task(Task.State.DONE)).build();
    assertEquals(0, cluster.run("task", "watch", "77aa"));
    cluster.picture = running.toBuilder().setTasks(0, task(Task.State.CANCELLED)).build();
    assertTrue(cluster.run("task", "watch", "77aa") != 0);
  }

  @Test
  void legsAreAddedAndDroppedByNumber() {
    ok("volume", "add-leg", "v3");
    assertEquals("v-3", cluster.last().getAddLeg().getVolumeId());
    ok("volume", "drop-leg", "v3", "2");
    assertEquals("l-2", cluster.last().getDropLeg().getLegId());
    assertEquals(3, cluster.run("volume", "drop-leg", "v3", "4"));
    assertTrue(cluster.err().contains("its legs are 1 to 2"), cluster.err());
  }

  @Test
  void whatAPoolIsNotToldStaysAsItIs() {
    cluster.picture = cluster.picture.toBuilder().setPools(0, cluster.picture.getPools(0).toBuilder()
        .setRecovery(RecoverySettings.newBuilder().setWaitMs(1000).setMaxBytesPerSecond(5))).build();
    ok("pool", "set", "gold", "--recovery-min", "2MiB/s");
    assertEquals(RecoverySettings.newBuilder().setWaitMs(1000).setMaxBytesPerSecond(5).setMinBytesPerSecond(2 << 20).build(),
        cluster.last().getChange().getSetPoolRecovery().getRecovery());
    ok("pool", "set", "gold", "--recovery-max", "none", "--recovery-wait", "5m");
    assertEquals(300_000, cluster.last().getChange().getSetPoolRecovery().getRecovery().getWaitMs());
    assertEquals(0, cluster.last().getChange().getSetPoolRecovery().getRecovery().getMaxBytesPerSecond());
  }

  @Test
  void aDiskIsKeptAsASpareAndLetGo() {
    ok("disk", "set", "d1", "--spare");
    assertTrue(cluster.last().getChange().getSetDisk().getSpare());
    ok("disk", "set", "d1", "--no-spare");
    assertTrue(cluster.last().getChange().getSetDisk().hasSpare() && !cluster.last().getChange().getSetDisk().getSpare());
  }

  @Test
  void watchingSaysHowFarHowFastHowLongAndWhere() {
    Picture running = cluster.picture;
    cluster.later.add(running.toBuilder().setTasks(0, task(Task.State.DONE)).build());
    assertEquals(0, cluster.run("task", "watch", "v3"), cluster.err());
    assertEquals("recovery of volume v3: running 41.3 %, 100 MiB/s, about 6 s left, at 423 MiB to 487 MiB\n"
        + "recovery of volume v3: done 100 %\n", cluster.out());
  }

  @Test
  void aRecoveryThatHasNotBegunIsAwaited() {
    Picture running = cluster.picture;
    cluster.picture = running.toBuilder().clearTasks().clearTaskStatus().build();
    cluster.later.add(running.toBuilder().setTaskStatus(0, TaskStatus.newBuilder().setTaskId("77aa88bb-1").setTotalBytes(GIB).setWaitsFor("disk d2 is offline")).build());
    cluster.later.add(running.toBuilder().setTasks(0, task(Task.State.CANCELLED).setReason("cancelled by user admin")).build());
    assertEquals(5, cluster.run("task", "watch", "v3"));
    assertEquals("volume v3: 1 of 2 legs in sync; its recovery has not begun yet\n"
        + "recovery of volume v3: running 0.0 %, waits: disk d2 is offline\n"
        + "recovery of volume v3: cancelled 41.3 %, cancelled by user admin\n", cluster.out());
  }

  @Test
  void aDegradedVolumeIsNotHealthy() {
    assertEquals(1, cluster.run("health"));
    assertTrue(cluster.out().lines().anyMatch(l -> l.matches("volume v3 +NO +1 of 2 legs in sync")), cluster.out());
  }

  @Test
  void whatIsWorstComesFirstAndTasksAsTheyBegan() {
    Picture p = Picture.newBuilder()
        .addAlerts(Alert.newBuilder().setId("a").setSeverity(Severity.WARNING).setSinceMs(1))
        .addAlerts(Alert.newBuilder().setId("b").setSeverity(Severity.ERROR).setSinceMs(9))
        .addAlerts(Alert.newBuilder().setId("c").setSeverity(Severity.ERROR).setSinceMs(2))
        .addTasks(Task.newBuilder().setId("x").setCreatedMs(5)).addTasks(Task.newBuilder().setId("y").setCreatedMs(4)).build();
    assertEquals(List.of("c", "b", "a"), ByName.sorted(p).getAlertsList().stream().map(Alert::getId).toList());
    assertEquals(List.of("y", "x"), ByName.sorted(p).getTasksList().stream().map(Task::getId).toList());
  }
}
