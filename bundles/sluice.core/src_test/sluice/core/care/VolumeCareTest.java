package sluice.core.care;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.LegInfo.State;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;

/** One story each, on a network that loses nothing. */
class VolumeCareTest {
  private static World alone() {
    World w = new World(1, 2, false, "h1");
    w.run(2_000);
    return w;
  }

  private static World shared() {
    World w = new World(2, 2, true, "h1", "h2");
    w.run(2_000);
    return w;
  }

  private static State state(World w, int leg) {
    return w.catalog.volume.getLayout().getLegs(leg).getState();
  }

  private static void write(World w, int blocks) {
    for (int b = 0; b < blocks; b++) w.hosts.get("h1").writeBlock(b);
    w.run(100);
  }

  @Test
  void aVolumeAtRestIsLeftAlone() {
    World w = alone();
    assertTrue(w.healthy(), w.server.care.waitsFor());
    assertEquals(1, w.catalog.epoch());
    assertEquals(0, w.copiedBytes);
  }

  @Test
  void aLegWhoseDiskIsLostIsGivenUpOnlyWhenTheHolderStandsStill() {
    World w = alone();
    w.hosts.get("h1").writing = true;
    w.run(1_000);
    w.disk("d1", false);
    w.run(2_000);
    assertEquals(State.STALE, state(w, 1));
    assertTrue(w.hosts.get("h1").usable());
    assertEquals(CareFacts.State.DEGRADED, w.state());
    assertTrue(w.server.care.waitsFor().contains("disk d1 is lost"), w.server.care.waitsFor());
  }

  @Test
  void aHolderOfAVolumeAloneThatDoesNotAnswerIsWaitedForHoweverLong() {
    World w = alone();
    w.hosts.get("h1").partition(true);
    w.disk("d1", false);
    w.run(3_600_000);
    assertEquals(State.IN_SYNC, state(w, 1));
    assertTrue(w.server.care.waitsFor().contains("h1 holds the volume alone"), w.server.care.waitsFor());
    assertEquals("h1", w.server.care.facts().staleHosts().get(0).hostId());
    w.hosts.get("h1").partition(false);
    w.run(2_000);
    assertEquals(State.STALE, state(w, 1));
  }

  @Test
  void aHolderThatIsReleasedIsWaitedForNoMore() {
    World w = alone();
    w.hosts.get("h1").partition(true);
    w.disk("d1", false);
    w.run(10_000);
    w.catalog.release("h1");
    w.server.changed();
    w.run(1_000);
    assertEquals(State.STALE, state(w, 1));
    assertEquals(0, w.catalog.volume.getUnreconciledSlotsCount());
  }

  @Test
  void aHolderOfASharedVolumeIsWaitedForUntilItsLeaseAndTheMarginAreOver() {
    World w = shared();
    w.hosts.get("h2").partition(true);
    w.disk("d1", false);
    w.run(2_000);
    assertEquals(State.IN_SYNC, state(w, 1));
    w.run(4_000);
    assertEquals(State.STALE, state(w, 1));
    assertFalse(w.server.care.renews("h2"));
    w.hosts.get("h2").partition(false);
    w.run(2_000);
    assertTrue(w.server.care.renews("h2"));
    assertTrue(w.hosts.get("h2").usable());
  }

  @Test
  void aDiskThatIsBackInTimeGetsOnlyWhatItMissed() {
    World w = alone();
    w.disk("d1", false);
    w.run(2_000);
    write(w, 3);
    w.disk("d1", true);
    w.runUntilHealthy(10);
    assertEquals(3 * World.BLOCK, w.copiedBytes);
    w.checkEqual();
  }

  @Test
  void aDiskThatStaysAwayIsReplacedByAnotherAndAllIsCopied() {
    World w = alone();
    w.catalog.spares.add("s0");
    write(w, 3);
    w.disk("d1", false);
    w.run(25_000);
    assertEquals(State.STALE, state(w, 1));
    w.runUntilHealthy(60);
    assertEquals("s0", w.catalog.disk(1));
    assertEquals(World.BLOCKS * World.BLOCK, w.copiedBytes);
    w.checkEqual();
  }

  @Test
  void whereThereIsNoSpaceItSaysSoAndTriesAgain() {
    World w = alone();
    w.disk("d1", false);
    w.run(40_000);
    assertEquals("no disk has space", w.server.care.facts().noSpare());
    long epoch = w.catalog.epoch();
    w.run(60_000);
    assertEquals(epoch, w.catalog.epoch());
    w.catalog.spares.add("s0");
    w.server.care.spaceChanged();
    w.runUntilHealthy(20);
    assertEquals("", w.server.care.facts().noSpare());
  }

  @Test
  void whenAllLegsAreLostNoneIsGivenUpAndTheVolumeSaysThatItIsUnavailable() {
    World w = alone();
    w.disk("d0", false);
    w.disk("d1", false);
    w.run(60_000);
    assertEquals(1, w.catalog.epoch());
    assertEquals(CareFacts.State.UNAVAILABLE, w.state());
    w.disk("d1", true);
    w.run(2_000);
    assertEquals(State.STALE, state(w, 0));
    assertEquals(State.IN_SYNC, state(w, 1));
    w.disk("d0", true);
    w.runUntilHealthy(10);
  }

  @Test
  void aLossOfTheConnectionHoweverShortCostsTheLegItsTrust() {
    World w = alone();
    w.disk("d1", false);
    w.disk("d1", true);
    w.run(20);
    w.runUntilHealthy(10);
    assertTrue(w.catalog.epoch() >= 4, "given up, filled, finished: " + w.catalog.epoch());
  }

  @Test
  void aHostThatComesBackIsKeptOutUntilWhatItLeftIsReconciled() {
    World w = alone();
    FakeHost h = w.hosts.get("h1");
    h.writeBlock(7);
    w.blocks("l0")[7] = 4711;
    w.maybe.get(7).add(4711L);
    h.crash();
    w.run(1_000);
    h.start();
    assertTrue(w.server.care.order("h1").getWithheld());
    w.runUntilHealthy(10);
    assertEquals(w.blocks("l0")[7], w.blocks("l1")[7]);
    assertEquals(World.BLOCK, w.copiedBytes);
    assertFalse(w.server.care.order("h1").getWithheld());
  }

  @Test
  void whatAReleasedHostLeftIsReconciledBeforeTheNextHostMayBegin() {
    World w = alone();
    FakeHost h = w.hosts.get("h1");
    h.writeBlock(7);
    h.crash();
    w.catalog.release("h1");
    w.catalog.attach("h9", 2);
    FakeHost next = new FakeHost(w, "h9", 2);
    w.hosts.put("h9", next);
    w.server.changed();
    next.start();
    assertTrue(w.server.care.order("h9").getWithheld());
    w.runUntilHealthy(10);
    assertFalse(w.server.care.order("h9").getWithheld());
    assertEquals(w.blocks("l0")[7], w.blocks("l1")[7]);
  }

  @Test
  void anUnfinishedWriteOfTheServersLastRunIsReconciled() {
    World w = alone();
    w.mark(0, 1, 9);
    w.blocks("l1")[9] = 4711;
    w.restartServer();
    w.run(2_000);
    assertTrue(w.healthy());
    assertEquals(w.blocks("l0")[9], w.blocks("l1")[9]);
    w.catalog.volume.getLayout().getLegsList().forEach(l -> assertEquals(State.IN_SYNC, l.getState()));
  }

  @Test
  void aRecoveryGoesOnWhereItStoppedWhenTheServerIsStartedAgain() {
    World w = recovering(8L << 20);
    w.run(18_000);
    long filled = w.catalog.volume.getLayout().getLegs(1).getFilledBytes();
    assertTrue(filled >= 64L << 20, "filled " + filled);
    w.restartServer();
    w.copiedBytes = 0;
    w.runUntilHealthy(60);
    assertEquals(World.BLOCKS * World.BLOCK - filled, w.copiedBytes);
    w.checkEqual();
  }

  private static World recovering(long bytesPerSecond) {
    World w = alone();
    w.pool = w.pool.toBuilder().setRecovery(w.pool.getRecovery().toBuilder().setWaitMs(1_000).setMaxBytesPerSecond(bytesPerSecond)).build();
    w.catalog.spares.add("s0");
    w.server.changed();
    w.disk("d1", false);
    w.run(4_000);
    assertEquals(State.FILLING, state(w, 1));
    return w;
  }

  @Test
  void progressNeverGoesBackAndEndsAtExactlyTheTotal() {
    World w = recovering(32L << 20);
    w.hosts.get("h1").writing = true;
    w.runUntilHealthy(60);
    long before = 0;
    TaskStatus last = null;
    for (TaskStatus s : w.statuses) {
      assertTrue(s.getDoneBytes() >= before && s.getDoneBytes() <= s.getTotalBytes(), s.toString());
      before = s.getDoneBytes();
      last = s;
    }
    assertNotEquals(null, last);
    assertEquals(World.BLOCKS * World.BLOCK, last.getTotalBytes());
    assertEquals(last.getTotalBytes(), last.getDoneBytes());
  }

  @Test
  void aPausedRecoveryStandsAndGoesOnWhenItIsResumed() {
    World w = recovering(8L << 20);
    String leg = w.catalog.volume.getLayout().getLegs(1).getId();
    w.catalog.control(leg, Task.State.PAUSED);
    w.server.changed();
    w.run(1_000);
    long copied = w.copiedBytes;
    w.run(30_000);
    assertEquals(copied, w.copiedBytes);
    assertEquals("the recovery is paused", w.server.care.waitsFor());
    w.catalog.control(leg, Task.State.RUNNING);
    w.server.changed();
    w.runUntilHealthy(60);
  }

  @Test
  void aCancelledRecoveryLeavesTheLegStaleUntilSomebodyWantsItBack() {
    World w = recovering(8L << 20);
    w.catalog.end(w.catalog.volume.getLayout().getLegs(1).getId(), Task.State.CANCELLED);
    w.server.changed();
    w.run(60_000);
    assertEquals(State.STALE, state(w, 1));
    assertTrue(w.server.care.waitsFor().contains("was cancelled"), w.server.care.waitsFor());
    List<CommandResult> answers = new ArrayList<>();
    w.server.care.recover(answers::add);
    assertTrue(answers.get(0).hasApplied());
    w.runUntilHealthy(60);
  }

  @Test
  void theTasksRateIsKept() {
    World w = recovering(4L << 20);
    long copied = w.copiedBytes;
    w.run(10_000);
    assertTrue(w.copiedBytes - copied <= 44L << 20, "copied " + (w.copiedBytes - copied));
    assertTrue(w.copiedBytes - copied >= 28L << 20, "copied " + (w.copiedBytes - copied));
  }

  @Test
  void theRecoveryYieldsToBusyHostsButNotBelowTheMinimum() {
    World w = alone();
    w.pool = w.pool.toBuilder().setRecovery(w.pool.getRecovery().toBuilder().setWaitMs(1_000).setMinBytesPerSecond(4L << 20)
        .setMaxBytesPerSecond(64L << 20)).build();
    w.catalog.spares.add("s0");
    w.server.changed();
    w.server.care.foreground(500L << 20);
    w.disk("d1", false);
    w.run(9_000);
    long copied = w.copiedBytes;
    w.run(10_000);
    assertTrue(w.copiedBytes - copied <= 44L << 20 && w.copiedBytes - copied >= 28L << 20, "copied " + (w.copiedBytes - copied));
    w.server.care.foreground(0);
    w.runUntilHealthy(10);
  }

  @Test
  void aLegThatFailsWhileItIsFilledIsGivenUpAndReplacedAfterSomeTries() {
    World w = alone();
    w.catalog.spares.add("s0");
    w.server.badDisks.add("d1");
    w.disk("d1", false);
    w.run(1_000);
    write(w, 3);
    w.disk("d1", true);
    w.runUntilHealthy(120);
    assertEquals("s0", w.catalog.disk(1));
    w.checkEqual();
  }

  @Test
  void aHostThatAttachesWhileAWindowIsOpenIsCountedToo() {
    World w = recovering(8L << 20);
    w.catalog.attach("h9", 2);
    FakeHost silent = new FakeHost(w, "h9", 2);
    w.hosts.put("h9", silent);
    w.server.changed();
    w.server.care.hostOnline("h9", 1);
    w.run(1_000);
    long place = w.server.care.facts().windowStart();
    w.run(60_000);
    assertTrue(w.server.care.facts().windowStart() <= place + (64L << 20), "no window is opened without its answer");
    assertTrue(w.server.care.waitsFor().contains("h9"), w.server.care.waitsFor());
  }

  @Test
  void aLegIsAddedAndDroppedAndTheLastGoodOneIsNot() {
    World w = alone();
    w.catalog.spares.add("s0");
    List<CommandResult> answers = new ArrayList<>();
    w.server.care.addLeg("new", answers::add);
    w.runUntilHealthy(60);
    assertTrue(answers.get(0).hasApplied());
    assertEquals(3, w.catalog.volume.getLayout().getLegsCount());
    w.server.care.dropLeg("l0", answers::add);
    w.server.care.dropLeg("l1", answers::add);
    w.server.care.dropLeg("new", answers::add);
    w.run(5_000);
    assertTrue(answers.get(1).hasApplied() && answers.get(2).hasApplied(), answers.toString());
    assertEquals(Problem.Code.CONFLICT, answers.get(3).getProblem().getCode());
    assertEquals(1, w.catalog.volume.getLayout().getLegsCount());
  }

  @Test
  void anAdministratorsChangeIsRefusedWhenAHostDoesNotAnswerAndTheOthersGoOn() {
    World w = shared();
    w.catalog.spares.add("s0");
    w.hosts.get("h2").partition(true);
    List<CommandResult> answers = new ArrayList<>();
    World alone = alone();
    alone.catalog.spares.add("s0");
    alone.hosts.get("h1").partition(true);
    alone.server.care.addLeg("new", answers::add);
    alone.run(15_000);
    assertEquals(Problem.Code.UNAVAILABLE, answers.get(0).getProblem().getCode());
    assertTrue(answers.get(0).getProblem().getWhy().contains("h1"), answers.toString());
    assertFalse(alone.server.care.order("h1").getStandStill());
  }

  @Test
  void aSnapshotIsTakenUnderANewEpochWhileEverybodyStandsStill() {
    World w = shared();
    write(w, 2);
    List<CommandResult> answers = new ArrayList<>();
    long epoch = w.catalog.epoch();
    w.server.care.snapshot("g1", answers::add);
    w.run(2_000);
    assertTrue(answers.get(0).hasApplied(), answers.toString());
    assertEquals(epoch + 1, w.catalog.volume.getSnapshots(0).getNumber());
    assertFalse(w.server.care.order("h1").getStandStill());
    assertTrue(w.hosts.get("h1").usable() && w.hosts.get("h2").usable());
    w.checkEqual();
  }

  @Test
  void aSnapshotOfAVolumeWhoseHostDoesNotAnswerIsGivenUp() {
    World w = alone();
    w.hosts.get("h1").partition(true);
    List<CommandResult> answers = new ArrayList<>();
    w.server.care.snapshot("g1", answers::add);
    w.run(15_000);
    assertEquals(Problem.Code.UNAVAILABLE, answers.get(0).getProblem().getCode());
    assertEquals(0, w.catalog.volume.getSnapshotsCount());
  }

  @Test
  void anAnswerToAnOlderOrderCountsForNothing() {
    World w = alone();
    FakeHost h = w.hosts.get("h1");
    sluice.protocol.v1.VolumeStatus old = sluice.protocol.v1.VolumeStatus.newBuilder().setEpoch(1).setOrderRun(1)
        .setOrderNumber(w.server.care.order("h1").getNumber()).setQuiesced(true).build();
    h.crash();
    w.server.care.hostOnline("h1", h.incarnation);
    w.disk("d1", false);
    w.server.care.heard("h1", h.incarnation, old);
    w.run(10_000);
    assertEquals(1, w.catalog.epoch());
    long number = w.server.care.order("h1").getNumber();
    w.server.care.heard("h1", h.incarnation - 1, old.toBuilder().setOrderNumber(number).build());
    w.server.care.heard("h1", h.incarnation, old.toBuilder().setOrderNumber(number).setOrderRun(9).build());
    w.server.care.heard("h1", h.incarnation, old.toBuilder().setOrderNumber(number).setEpoch(0).build());
    w.server.care.heard("h1", h.incarnation, old.toBuilder().setOrderNumber(number).addDoubtfulDiskIds("d0").build());
    w.run(10_000);
    assertEquals(1, w.catalog.epoch());
    w.server.care.heard("h1", h.incarnation, old.toBuilder().setOrderNumber(number).addDoubtfulDiskIds("d1").build());
    w.run(1_000);
    assertEquals(LegInfo.State.STALE, state(w, 1));
  }

  @Test
  void aLegIsNotFilledWhileAHostHasWritesInDoubtOnItsDisk() {
    World w = alone();
    FakeHost h = w.hosts.get("h1");
    w.disk("d1", false);
    w.run(2_000);
    h.partition(true);
    w.server.care.hostOnline("h1", h.incarnation);
    sluice.protocol.v1.VolumeStatus doubt = sluice.protocol.v1.VolumeStatus.newBuilder().setEpoch(w.catalog.epoch()).setOrderRun(1)
        .setOrderNumber(w.server.care.order("h1").getNumber()).addDoubtfulDiskIds("d1").build();
    w.server.care.heard("h1", h.incarnation, doubt);
    w.disk("d1", true);
    w.run(30_000);
    assertEquals(State.STALE, state(w, 1));
    assertEquals(List.of("d1"), w.server.care.facts().doubtfulDisks());
    assertTrue(w.server.care.waitsFor().contains("in doubt"), w.server.care.waitsFor());
  }

  @Test
  void nothingIsCommittedWhileTheServersOwnIoIsUnderWay() {
    World w = alone();
    w.server.ownIoHangs = true;
    w.disk("d1", false);
    w.run(30_000);
    assertEquals(1, w.catalog.epoch());
    assertTrue(w.server.care.waitsFor().contains("the server has I/O of its own under way"), w.server.care.waitsFor());
    w.server.ownIoHangs = false;
    w.run(1_000);
    assertEquals(State.STALE, state(w, 1));
  }

  @Test
  void aCopyThatHangsKeepsItsWindowAndNoOtherOneBegins() {
    World w = recovering(8L << 20);
    String leg = w.catalog.volume.getLayout().getLegs(1).getId();
    w.server.copiesHang = true;
    w.run(1_000);
    long end = w.server.care.facts().windowEnd();
    assertTrue(end > w.server.care.facts().windowStart());
    w.catalog.control(leg, Task.State.PAUSED);
    w.server.changed();
    w.run(5_000);
    assertEquals(end, w.server.care.facts().windowEnd());
    w.catalog.control(leg, Task.State.RUNNING);
    w.server.changed();
    w.run(5_000);
    assertEquals(1, w.server.mostCopiesUnderWay);
    w.server.copiesHang = false;
    w.runUntilHealthy(60);
    assertEquals(1, w.server.mostCopiesUnderWay);
  }

  @Test
  void aReconciliationBesideARecoveryLeavesTheFillingLegWhatLiesBelowItsPlace() {
    World w = recovering(8L << 20);
    w.run(10_000);
    assertTrue(w.server.care.facts().windowStart() >= 64L << 20);
    FakeHost h = w.hosts.get("h1");
    long place = w.server.care.facts().windowStart();
    w.mark(5, 1, 2);
    w.catalog.volume = w.catalog.volume.toBuilder().addUnreconciledSlots(5).build();
    w.server.changed();
    for (int i = 0; i < 1_000 && w.server.care.facts().windowStart() != 2 * World.BLOCK; i++) w.run(1);
    CareFacts facts = w.server.care.facts();
    assertEquals(2 * World.BLOCK, facts.windowStart());
    assertEquals(place, facts.windowEnd(), "all up to the place goes to the filling leg as well");
    assertTrue(h.usable());
    w.runUntilHealthy(60);
  }
}
