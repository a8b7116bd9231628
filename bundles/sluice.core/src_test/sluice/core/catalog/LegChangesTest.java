package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.NewLegs;
import sluice.protocol.v1.*;

class LegChangesTest {
  private static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).build();
  private final CatalogFixture c = new CatalogFixture();

  @BeforeEach
  void aMirroredVolumeOnTwoOfFourDisks() {
    c.pool(100 * MIB, 100 * MIB, 90 * MIB, 80 * MIB);
    Change.Builder change = createVolume(30, "v1", 10 * MIB);
    change.getCreateVolumeBuilder().setLegs(2);
    c.applied(change);
    c.actor = SERVER;
  }

  private LegInfo leg(int leg) {
    return c.volume(30).getLayout().getLegs(leg);
  }

  private long epoch() {
    return c.volume(30).getLayout().getEpoch();
  }

  private Change.Builder stale(int leg) {
    return Change.newBuilder().setMarkLegStale(
        MarkLegStale.newBuilder().setVolumeId(id(30)).setLegId(leg(leg).getId()).setReason("disk d11 is lost").setEpoch(epoch()));
  }

  @Test
  void peopleReadNamesOfDisksAndALegThatWasAddedIsNotInSyncAgainButForTheFirstTime() {
    c.applied(Change.newBuilder().setMarkLegStale(MarkLegStale.newBuilder().setVolumeId(id(30)).setLegId(leg(1).getId())
        .setReason("disk " + id(11) + " is lost").setEpoch(epoch())));
    assertEquals("disk d11 is lost", leg(1).getReason());
    c.applied(add(91));
    int added = c.volume(30).getLayout().getLegsCount() - 1;
    assertTrue(NewLegs.isNew(leg(added)) && !NewLegs.isNew(leg(1)));
    c.applied(fill(added, 70));
    assertTrue(NewLegs.isNew(leg(added)));
    c.applied(finish(added));
    assertFalse(NewLegs.isNew(leg(added)));
    List<Event> events = c.view().eventsAfter(0, 1000);
    assertTrue(events.get(events.size() - 1).getText().endsWith("is in sync"), events.toString());
  }

  private Change.Builder fill(int leg, int task) {
    return Change.newBuilder().setFillLeg(FillLeg.newBuilder().setVolumeId(id(30)).setLegId(leg(leg).getId()).setEpoch(epoch()).setTaskId(id(task)));
  }

  private Change.Builder filled(int leg, long bytes) {
    return Change.newBuilder().setNoteLegFilled(NoteLegFilled.newBuilder().setVolumeId(id(30)).setLegId(leg(leg).getId()).setFilledBytes(bytes));
  }

  private Change.Builder finish(int leg) {
    return Change.newBuilder().setFinishLeg(FinishLeg.newBuilder().setVolumeId(id(30)).setLegId(leg(leg).getId()).setEpoch(epoch()));
  }

  private Change.Builder replace(int leg, int newLeg) {
    return Change.newBuilder().setReplaceLeg(
        ReplaceLeg.newBuilder().setVolumeId(id(30)).setLegId(leg(leg).getId()).setNewLegId(id(newLeg)).setEpoch(epoch()));
  }

  private Change.Builder add(int newLeg) {
    return Change.newBuilder().setAddLeg(AddLeg.newBuilder().setVolumeId(id(30)).setNewLegId(id(newLeg)).setEpoch(epoch()));
  }

  private Change.Builder drop(int leg) {
    return Change.newBuilder().setDropLeg(DropLeg.newBuilder().setVolumeId(id(30)).setLegId(leg(leg).getId()).setEpoch(epoch()));
  }

  private Change.Builder control(int task, ControlTask.Action action) {
    return Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(id(task)).setAction(action));
  }

  private String event() {
    return c.last.delta().getEvents(0).getText();
  }

  @Test
  void aLegThatMissedWritesBecomesStaleIsFilledAndComesBackEachInAnEpochOfItsOwn() {
    c.applied(stale(1));
    assertEquals("leg 2 of volume v1 on disk d11 has missed writes: disk d11 is lost", event());
    assertEquals(LegInfo.State.STALE, leg(1).getState());
    assertFalse(leg(1).getWhole());
    c.applied(fill(1, 70));
    assertEquals(LegInfo.State.FILLING, leg(1).getState());
    assertEquals(Task.State.RUNNING, c.view().task(id(70)).orElseThrow().getState());
    c.applied(finish(1));
    assertEquals(LegInfo.State.IN_SYNC, leg(1).getState());
    assertEquals("", leg(1).getReason());
    Task task = c.view().taskOfLeg(leg(1).getId()).orElseThrow();
    assertEquals(Task.State.DONE, task.getState());
    assertEquals(2, task.getHistoryCount());
    assertEquals(4, epoch());
  }

  @Test
  void theLastLegInSyncIsNotTakenAwayByAnythingAndTheRefusalNamesIt() {
    c.applied(stale(1));
    Problem problem = c.refused(Problem.Code.CONFLICT, stale(0));
    assertEquals("Leg 1 of volume v1 cannot be marked as stale", problem.getWhat());
    assertEquals("it is the last good copy, on disk d10; leg 2 is stale", problem.getWhy());
    assertTrue(c.refused(Problem.Code.CONFLICT, drop(0)).getWhy().contains("last good copy, on disk d10"));
    c.refused(Problem.Code.CONFLICT, replace(0, 80));
    c.applied(fill(1, 70));
    assertTrue(c.refused(Problem.Code.CONFLICT, stale(0)).getWhy().contains("leg 2 is still being filled"));
    c.applied(drop(1));
    assertTrue(c.refused(Problem.Code.CONFLICT, drop(0)).getWhy().contains("there is no other leg"));
  }

  @Test
  void whatWasDecidedUnderAnotherEpochIsRefusedSayingBoth() {
    Change.Builder late = stale(1);
    late.getMarkLegStaleBuilder().setEpoch(7);
    assertEquals("this was decided for epoch 7 of its layout, and that is 1 now", c.refused(Problem.Code.CONFLICT, late).getWhy());
    Change.Builder lateAdd = add(80);
    Change.Builder lateDrop = drop(1);
    c.applied(stale(1));
    Change.Builder lateFill = fill(1, 70);
    Change.Builder lateReplace = replace(1, 81);
    c.refused(Problem.Code.CONFLICT, lateAdd);
    c.refused(Problem.Code.CONFLICT, lateDrop);
    c.applied(fill(1, 70));
    Change.Builder lateFinish = finish(1);
    c.refused(Problem.Code.CONFLICT, lateFill);
    c.refused(Problem.Code.CONFLICT, lateReplace);
    c.applied(stale(1));
    c.refused(Problem.Code.CONFLICT, lateFinish);
  }

  @Test
  void onlyTheServerSaysWhatALegIsGoodFor() {
    c.actor = ADMIN;
    for (Change.Builder change : new Change.Builder[] {stale(1), fill(1, 70), filled(1, MIB), finish(1), replace(1, 80),
        Change.newBuilder().setSlotReconciled(SlotReconciled.newBuilder().setVolumeId(id(30)).setSlot(1))}) {
      c.refused(Problem.Code.FORBIDDEN, change);
    }
    c.applied(add(80));
  }

  @Test
  void aReplacedLegLiesOnASpareFirstIsWholeAndItsTaskFollowsIt() {
    c.applied(Change.newBuilder().setSetDisk(SetDisk.newBuilder().setDiskId(id(13)).setSpare(true)));
    c.applied(stale(1));
    c.applied(fill(1, 70));
    c.applied(stale(1));
    c.applied(replace(1, 80));
    assertEquals("leg 2 of volume v1 on disk d11 is given up; all of it will be copied to disk d13", event());
    assertEquals(id(80), leg(1).getId());
    assertEquals(id(13), leg(1).getIntents().getDiskId());
    assertTrue(leg(1).getWhole());
    assertEquals(LegInfo.State.STALE, leg(1).getState());
    assertEquals(id(80), c.view().task(id(70)).orElseThrow().getLegId());
    assertEquals(0, c.view().diskUsage(id(11)).orElseThrow().allocated());
    c.applied(fill(1, 71));
    assertTrue(c.view().task(id(71)).isEmpty());
    c.applied(filled(1, 4 * MIB));
    assertEquals(4 * MIB, leg(1).getFilledBytes());
    assertEquals(0, c.last.delta().getAuditCount());
    c.applied(filled(1, 3 * MIB));
    assertEquals(4 * MIB, leg(1).getFilledBytes());
    c.refused(Problem.Code.INVALID_ARGUMENT, filled(1, 11 * MIB));
    c.applied(stale(1));
    assertEquals(4 * MIB, leg(1).getFilledBytes());
  }

  @Test
  void aLegIsReplacedInAnotherDomainRatherThanOnASpareBesideTheOtherLeg() {
    c.applied(Change.newBuilder().setSetDisk(SetDisk.newBuilder().setDiskId(id(10)).setDomain("r1")));
    c.applied(Change.newBuilder().setSetDisk(SetDisk.newBuilder().setDiskId(id(13)).setDomain("r1").setSpare(true)));
    c.applied(stale(1));
    c.applied(replace(1, 80));
    assertEquals(id(12), leg(1).getIntents().getDiskId());
  }

  @Test
  void aLegWithNowhereToGoIsRefusedWithTheReasonOfEachDisk() {
    c.applied(stale(1));
    Change.Builder change = replace(1, 80);
    for (int disk : new int[] {12, 13}) change.getReplaceLegBuilder().addAvoid(AvoidDisk.newBuilder().setDiskId(id(disk)).setReason("offline"));
    Problem problem = c.refused(Problem.Code.NO_SPACE, change);
    assertEquals("leg 1 lies on it", problem.getCandidates(0).getReason());
    assertEquals("the leg that is to be replaced lies on it", problem.getCandidates(1).getReason());
    assertEquals("offline", problem.getCandidates(3).getReason());
  }

  @Test
  void aPausedRecoveryIsNotGoneOnWithAndACancelledOneOnlyByANewTask() {
    c.applied(stale(1));
    c.applied(fill(1, 70));
    c.actor = ADMIN;
    c.applied(control(70, ControlTask.Action.PAUSE));
    assertEquals("paused by user admin", c.view().task(id(70)).orElseThrow().getReason());
    c.applied(control(70, ControlTask.Action.PAUSE));
    assertEquals(0, c.last.delta().getChangesCount());
    c.actor = SERVER;
    c.applied(stale(1));
    assertTrue(c.refused(Problem.Code.CONFLICT, fill(1, 71)).getWhy().contains("paused"));
    c.actor = ADMIN;
    c.applied(control(70, ControlTask.Action.RESUME));
    c.applied(control(70, ControlTask.Action.THROTTLE).setControlTask(
        control(70, ControlTask.Action.THROTTLE).getControlTask().toBuilder().setMaxBytesPerSecond(MIB)));
    assertEquals(MIB, c.view().task(id(70)).orElseThrow().getMaxBytesPerSecond());
    c.applied(control(70, ControlTask.Action.CANCEL));
    assertTrue(c.refused(Problem.Code.CONFLICT, control(70, ControlTask.Action.RESUME)).getWhy().contains("cancelled by user admin"));
    c.actor = SERVER;
    c.refused(Problem.Code.CONFLICT, fill(1, 70));
    c.applied(fill(1, 71));
    assertEquals(id(71), c.view().taskOfLeg(leg(1).getId()).orElseThrow().getId());
  }

  @Test
  void aVolumeOfOneLegGetsIntentsAndSlotsForItsWritersWhenAnotherLegIsAdded() {
    c.actor = ADMIN;
    c.applied(delete(30));
    c.applied(createVolume(30, "v1", 10 * MIB));
    c.host(40, "h1");
    c.applied(grant(30, 40, Access.READ_WRITE));
    c.applied(attach(30, 40, Access.READ_WRITE));
    assertEquals(0, c.volume(30).getAttachments(0).getSlot());
    c.applied(add(80));
    assertEquals(2, c.volume(30).getLegs());
    assertEquals(LegInfo.State.IN_SYNC, leg(0).getState());
    assertTrue(leg(0).hasIntents() && leg(1).hasIntents());
    assertEquals(LegInfo.State.STALE, leg(1).getState());
    assertTrue(leg(1).getWhole());
    assertEquals(1, c.volume(30).getAttachments(0).getSlot());
    c.applied(drop(1));
    assertEquals(1, c.volume(30).getLegs());
    assertEquals(1, c.volume(30).getLayout().getLegsCount());
    assertEquals(11 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
    c.applied(add(81));
    c.applied(add(82));
    c.applied(add(83));
    assertTrue(c.refused(Problem.Code.CONFLICT, add(84)).getWhy().contains("at most 4"));
  }

  @Test
  void aVolumeIsNotResizedWhileALegIsNotInSyncAndItsDisksCannotBeRemoved() {
    c.applied(stale(1));
    assertTrue(c.refused(Problem.Code.CONFLICT, resize(30, 20 * MIB)).getWhy().contains("leg 2 is not in sync"));
    c.refused(Problem.Code.CONFLICT, Change.newBuilder().setRemoveDisk(RemoveDisk.newBuilder().setDiskId(id(11))));
  }

  @Test
  void deletingAVolumeCancelsItsRecoveryAndOnlyTheNewestEndedTasksAreKept() {
    c.applied(stale(1));
    c.applied(fill(1, 70));
    c.applied(delete(30));
    assertEquals(Task.State.CANCELLED, c.view().task(id(70)).orElseThrow().getState());
    Change.Builder change = createVolume(30, "v1", 10 * MIB);
    change.getCreateVolumeBuilder().setLegs(2);
    c.applied(change);
    for (int n = 0; n < CatalogLimits.ENDED_TASKS + 5; n++) {
      c.applied(stale(1));
      c.applied(fill(1, 100 + n));
      c.applied(finish(1));
    }
    assertEquals(CatalogLimits.ENDED_TASKS, c.view().tasks().size());
    assertTrue(c.view().task(id(70)).isEmpty() && c.view().task(id(105)).isPresent() && c.view().task(id(104)).isEmpty());
    assertTrue(c.last.delta().getChangesList().stream().anyMatch(o -> o.getRemoved().getKind() == RemovedObject.Kind.TASK));
  }

  @Test
  void aTasksHistoryKeepsItsNewestSteps() {
    c.applied(stale(1));
    for (int n = 0; n < 40; n++) {
      c.applied(fill(1, 70));
      c.applied(stale(1));
    }
    assertEquals(CatalogLimits.TASK_STEPS, c.view().task(id(70)).orElseThrow().getHistoryCount());
  }

  @Test
  void anImportedVolumeKeepsItsLegStatesAndGoesOnBeingFilled() {
    c.applied(stale(1));
    c.applied(fill(1, 70));
    PoolMetadata metadata = c.view().poolMetadata(id(20)).orElseThrow();
    c.applied(Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(id(20))));
    assertTrue(c.view().tasks().isEmpty());
    c.applied(Change.newBuilder().setImportPool(ImportPool.newBuilder().setMetadata(metadata)));
    assertEquals(LegInfo.State.FILLING, leg(1).getState());
    assertEquals(Task.State.RUNNING, c.view().taskOfLeg(leg(1).getId()).orElseThrow().getState());
    assertEquals(c.catalog.save(), Catalog.load(c.catalog.save()).save());
  }

  @Test
  void aPoolsRecoveryIsSetAsAWholeAndChecked() {
    c.actor = ADMIN;
    c.applied(recovery(1_000, 10 * MIB, MIB));
    assertEquals(1_000, c.view().pool(id(20)).orElseThrow().getRecovery().getWaitMs());
    c.refused(Problem.Code.INVALID_ARGUMENT, recovery(1_000, MIB, 2 * MIB));
    c.refused(Problem.Code.INVALID_ARGUMENT, recovery(-1, 0, 0));
    c.applied(recovery(0, 0, 0));
    assertFalse(c.view().pool(id(20)).orElseThrow().hasRecovery());
  }

  private static Change.Builder recovery(long wait, long most, long least) {
    return Change.newBuilder().setSetPoolRecovery(SetPoolRecovery.newBuilder().setPoolId(id(20))
        .setRecovery(RecoverySettings.newBuilder().setWaitMs(wait).setMaxBytesPerSecond(most).setMinBytesPerSecond(least)));
  }
}
