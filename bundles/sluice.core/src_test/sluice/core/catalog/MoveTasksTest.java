package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.MIB;
import static sluice.core.catalog.CatalogFixture.createVolume;
import static sluice.core.catalog.CatalogFixture.id;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AddLeg;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ControlTask;
import sluice.protocol.v1.EndMoves;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.FillLeg;
import sluice.protocol.v1.FinishLeg;
import sluice.protocol.v1.FreeTail;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.MarkLegStale;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.Task;

/** Moves from their task's beginning to its end, as the server carries them out. */
class MoveTasksTest {
  private final CatalogFixture c = new CatalogFixture();
  private int legs = 600;

  private static Change.Builder evacuate(int disk, int task) {
    return Change.newBuilder().setEvacuateDisk(EvacuateDisk.newBuilder().setDiskId(id(disk)).setTaskId(id(task)));
  }

  private static Change.Builder relayout(int stripes, int task) {
    return Change.newBuilder().setRelayoutVolume(RelayoutVolume.newBuilder().setVolumeId(id(30)).setStripes(stripes).setTaskId(id(task)));
  }

  private Layout layout() {
    return c.volume(30).getLayout();
  }

  private LegInfo replacing() {
    return layout().getLegs(LegExtents.replacing(layout()));
  }

  private void byServer(Change.Builder change) {
    Actor before = c.actor;
    c.actor = Actor.newBuilder().setKind(Actor.Kind.SERVER).setName("server").build();
    c.applied(change);
    c.actor = before;
  }

  private boolean begin(int task) {
    return begin(id(task));
  }

  private boolean begin(String task) {
    MoveLeg move = c.view().nextMove(task, Set.of(), List.of()).orElse(null);
    if (move == null) return false;
    byServer(Change.newBuilder().setMoveLeg(move.toBuilder().setNewLegId(id(++legs)).setEpoch(layout().getEpoch())));
    return true;
  }

  private void fill() {
    byServer(Change.newBuilder().setFillLeg(FillLeg.newBuilder().setVolumeId(id(30)).setLegId(replacing().getId()).setEpoch(layout().getEpoch())));
  }

  private void finish() {
    byServer(Change.newBuilder().setFinishLeg(FinishLeg.newBuilder().setVolumeId(id(30)).setLegId(replacing().getId()).setEpoch(layout().getEpoch())));
  }

  private void all(int task) {
    all(id(task));
  }

  private void all(String task) {
    while (begin(task)) {
      fill();
      finish();
    }
    byServer(Change.newBuilder().setEndMoves(EndMoves.newBuilder().setTaskId(task)));
    Task done = c.view().task(task).orElseThrow();
    assertEquals(Task.State.DONE, done.getState());
    assertEquals(done.getMove().getTotalBytes(), done.getMove().getMovedBytes());
  }

  private long on(int disk) {
    return c.view().diskUsage(id(disk)).orElseThrow().allocated();
  }

  @Test
  void ofAStripedVolumeOnlyTheColumnOnTheDiskMovesAndTheRestIsShared() {
    c.pool(64 * MIB, 64 * MIB, 64 * MIB, 64 * MIB);
    c.applied(createVolume(30, "v1", 60 * MIB, 3));
    String disk = layout().getSegments(0).getLegs(0).getColumns(1).getDiskId();
    int n = Integer.parseInt(disk.substring(24));
    c.applied(evacuate(n, 500));
    assertEquals(20 * MIB, c.view().task(id(500)).orElseThrow().getMove().getTotalBytes());
    begin(500);
    assertEquals(20 * MIB, LegExtents.bytes(LegExtents.moved(layout(), 1)));
    fill();
    // What both legs have is written once, by way of the old one.
    long[] written = new long[1];
    LayoutMapping.layout(c.volume(30)).pieces(1, 0, 60 * MIB, (d, at, volume, length) -> written[0] += length);
    assertEquals(20 * MIB, written[0]);
    finish();
    assertEquals(0, layout().getLegsCount(), "no write intents are left");
    assertEquals(0, on(n));
    all(500);
    assertTrue(c.view().disk(disk).orElseThrow().getClosed());
    assertEquals(3, LegExtents.disks(layout()).size());
  }

  @Test
  void withNowhereToGoItIsRefusedWithTheReasonForEachVolumeAndNothingHasChanged() {
    c.pool(64 * MIB, 64 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    c.applied(createVolume(31, "v2", 60 * MIB));
    int disk = Integer.parseInt(LegExtents.disks(layout()).iterator().next().substring(24));
    Problem p = c.refused(Problem.Code.NO_SPACE, evacuate(disk, 500));
    assertTrue(p.getWhy().contains("volume v1: "), p.toString());
    assertTrue(p.getCandidatesList().stream().anyMatch(k -> k.getReason().startsWith("volume v1: ")), p.toString());
    assertFalse(c.view().disk(id(disk)).orElseThrow().getClosed());
  }

  @Test
  void whatIsCancelledIsTakenBackAndNoSpaceIsLost() {
    c.pool(64 * MIB, 64 * MIB, 64 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    Layout before = layout();
    int disk = Integer.parseInt(LegExtents.disks(before).iterator().next().substring(24));
    c.applied(evacuate(disk, 500));
    begin(500);
    fill();
    c.applied(Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(id(500)).setAction(ControlTask.Action.CANCEL)));
    byServer(Change.newBuilder().setDropLeg(sluice.protocol.v1.DropLeg.newBuilder().setVolumeId(id(30)).setLegId(replacing().getId()).setEpoch(layout().getEpoch())));
    assertEquals(before.toBuilder().setEpoch(layout().getEpoch()).build(), layout());
    assertFalse(c.view().disk(id(disk)).orElseThrow().getClosed());
    assertEquals(10 * MIB, on(10) + on(11) + on(12));
    Problem p = c.refused(Problem.Code.CONFLICT,
        Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(id(500)).setAction(ControlTask.Action.RESUME)));
    assertTrue(p.getCorrection().contains("sluice disk evacuate"), p.toString());
  }

  @Test
  void whoComesSecondIsToldOfTheFirst() {
    c.pool(64 * MIB, 64 * MIB, 64 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    c.applied(relayout(2, 500));
    int disk = Integer.parseInt(LegExtents.disks(layout()).iterator().next().substring(24));
    Problem p = c.refused(Problem.Code.CONFLICT, evacuate(disk, 501));
    assertTrue(p.getWhy().contains("relayout of volume v1 to 2 stripes"), p.toString());
    c.refused(Problem.Code.CONFLICT, CatalogFixture.resize(30, 20 * MIB));
    all(500);
    assertEquals(2, c.volume(30).getStripes());
    c.applied(evacuate(disk, 502));
  }

  @Test
  void legsAreStripedInDifferentWaysWhileARelayoutIsHalfDoneAndAlikeAfterwards() {
    c.pool(64 * MIB, 64 * MIB, 64 * MIB, 64 * MIB);
    // Not a whole number of stripes of two units.
    Change.Builder create = createVolume(30, "v1", 11 * MIB);
    create.getCreateVolumeBuilder().setLegs(2);
    c.applied(create);
    c.applied(relayout(2, 500));
    begin(500);
    fill();
    finish();
    assertEquals(2, LegExtents.stripes(layout(), 0));
    assertEquals(1, LegExtents.stripes(layout(), 1));
    assertEquals(11 * MIB, LayoutMapping.layout(c.volume(30)).size());
    all(500);
    assertFalse(LegExtents.own(layout(), 1));
    assertEquals(List.of(2, 2), List.of(LegExtents.stripes(layout(), 0), LegExtents.stripes(layout(), 1)));
  }

  private Change.Builder cancel(int task) {
    return Change.newBuilder().setControlTask(ControlTask.newBuilder().setTaskId(id(task)).setAction(ControlTask.Action.CANCEL));
  }

  /** A mirror of linear legs, of which the first has two stripes by task 500, and the second is on its way. */
  private void halfRestriped(long size) {
    Change.Builder create = createVolume(30, "v1", size);
    create.getCreateVolumeBuilder().setLegs(2);
    c.applied(create);
    c.applied(relayout(2, 500));
    begin(500);
    fill();
    finish();
    begin(500);
  }

  @Test
  void aRelayoutThatIsCancelledHalfwayIsTakenBackByAnother() {
    c.pool(64 * MIB, 64 * MIB, 64 * MIB, 64 * MIB);
    halfRestriped(10 * MIB);
    c.applied(cancel(500));
    Task back = c.view().tasks().stream().filter(t -> t.getState() == Task.State.RUNNING).findFirst().orElseThrow();
    assertTrue(c.view().task(id(500)).orElseThrow().getReason().endsWith("taken back by task " + back.getId()));
    assertEquals(10 * MIB, back.getMove().getTotalBytes());
    byServer(Change.newBuilder().setDropLeg(sluice.protocol.v1.DropLeg.newBuilder().setVolumeId(id(30)).setLegId(replacing().getId()).setEpoch(layout().getEpoch())));
    all(back.getId());
    assertEquals(1, c.volume(30).getStripes());
    assertFalse(LegExtents.own(layout(), 1));
    assertEquals(List.of(1, 1), List.of(LegExtents.stripes(layout(), 0), LegExtents.stripes(layout(), 1)));
  }

  @Test
  void aRelayoutThatCannotBeTakenBackGoesOnAndWhoCancelsItIsToldWhy() {
    c.pool(24 * MIB, 24 * MIB, 24 * MIB, 24 * MIB);
    halfRestriped(10 * MIB);
    for (int v = 31; v < 200; v++) if (c.submit(createVolume(v, "v" + v, MIB)).hasProblem()) break;
    Problem p = c.refused(Problem.Code.NO_SPACE, cancel(500));
    assertTrue(p.getWhy().contains("some copies have their new stripes already"), p.toString());
    assertTrue(p.getCorrection().contains("sluice task resume " + id(500)) && p.getCorrection().contains("add disks"), p.toString());
    assertEquals(4, p.getCandidatesCount(), p.toString());
    assertEquals(Task.State.RUNNING, c.view().task(id(500)).orElseThrow().getState());
  }

  @Test
  void whatWasCopiedCountsNoMoreWhenTheLegItIsToReplaceHasMissedWrites() {
    c.pool(64 * MIB, 64 * MIB, 64 * MIB);
    Change.Builder create = createVolume(30, "v1", 10 * MIB);
    create.getCreateVolumeBuilder().setLegs(2);
    c.applied(create);
    String disk = LegExtents.disks(layout(), 0).iterator().next();
    c.applied(evacuate(Integer.parseInt(disk.substring(24)), 500));
    begin(500);
    fill();
    byServer(Change.newBuilder().setMarkLegStale(MarkLegStale.newBuilder().setVolumeId(id(30)).setLegId(layout().getLegs(0).getId())
        .setReason("lost").setEpoch(layout().getEpoch())));
    assertEquals(LegInfo.State.STALE, replacing().getState());
    assertTrue(replacing().getWhole());
    assertEquals(0, replacing().getFilledBytes());
  }

  /** A volume that became smaller may have left nothing on a disk but the write intents of a leg. */
  @Test
  void aDiskWithNothingButWriteIntentsIsEvacuatedToo() {
    c.pool(16 * MIB, 16 * MIB, 16 * MIB, 16 * MIB, 16 * MIB);
    // Its first disk is full, so when it gets write intents they come beside what is past the end later.
    c.applied(createVolume(30, "v1", 20 * MIB));
    byServer(Change.newBuilder().setAddLeg(AddLeg.newBuilder().setVolumeId(id(30)).setNewLegId(id(600)).setEpoch(layout().getEpoch())));
    Change.Builder smaller = CatalogFixture.resize(30, 4 * MIB);
    smaller.getResizeVolumeBuilder().setConfirmName("v1").setEpoch(layout().getEpoch());
    byServer(smaller);
    byServer(Change.newBuilder().setFreeTail(FreeTail.newBuilder().setVolumeId(id(30)).setEpoch(layout().getEpoch())));
    assertEquals(4 * MIB, LayoutMapping.layout(c.volume(30)).size());
    String alone = "";
    for (int l = 0; l < 2; l++) {
      String intents = layout().getLegs(l).getIntents().getDiskId();
      if (LegExtents.of(layout(), l).stream().noneMatch(e -> e.getDiskId().equals(intents))) alone = intents;
    }
    assertFalse(alone.isEmpty(), layout().toString());
    c.applied(evacuate(Integer.parseInt(alone.substring(24)), 500));
    all(500);
    assertFalse(LegExtents.disks(layout()).contains(alone), layout().toString());
  }

  @Test
  void whatIsMovedFromOrToADiskThatIsNotThereIsRefused() {
    c.pool(64 * MIB, 64 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    c.applied(evacuate(Integer.parseInt(LegExtents.disks(layout()).iterator().next().substring(24)), 500));
    MoveLeg good = c.view().nextMove(id(500), Set.of(), List.of()).orElseThrow().toBuilder().setNewLegId(id(601)).setEpoch(layout().getEpoch()).build();
    c.actor = Actor.newBuilder().setKind(Actor.Kind.SERVER).setName("server").build();
    c.refused(Problem.Code.NOT_FOUND, Change.newBuilder().setMoveLeg(good.toBuilder().setToDiskId(id(99))));
    c.refused(Problem.Code.NOT_FOUND, Change.newBuilder().setMoveLeg(good.toBuilder().setFromDiskId(id(99))));
    c.refused(Problem.Code.INVALID_ARGUMENT, Change.newBuilder().setMoveLeg(good.toBuilder().setMaxBytes(-1)));
    c.applied(Change.newBuilder().setMoveLeg(good));
  }

  @Test
  void aPlanSaysWhatWouldMoveAndChangesNothing() {
    c.pool(64 * MIB, 64 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    Object before = c.objects();
    int disk = Integer.parseInt(LegExtents.disks(layout()).iterator().next().substring(24));
    MovePlan plan = c.view().planMoves(evacuate(disk, 500).build(), c.actor);
    assertEquals(10 * MIB, plan.getBytes());
    assertEquals(List.of(1, 1, 1), List.of(plan.getMoves(0).getCopiesBefore(), plan.getMoves(0).getCopiesDuring(), plan.getMoves(0).getCopiesAfter()));
    assertEquals(before, c.objects());
  }
}
