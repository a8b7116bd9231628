package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class ChangePlansTest {
  private final CatalogFixture c = new CatalogFixture();

  private void mirror(int legs) {
    Change.Builder change = createVolume(30, "v1", 10 * MIB);
    change.getCreateVolumeBuilder().setLegs(legs);
    c.applied(change);
  }

  private ChangePlan plan(Change.Builder... steps) {
    CatalogState before = c.catalog.save();
    ChangePlan plan = c.view().planChange(Stream.of(steps).map(Change.Builder::build).toList(), ADMIN);
    assertEquals(before, c.catalog.save(), "a plan changes nothing");
    return plan;
  }

  private Change.Builder add() {
    return Change.newBuilder().setAddLeg(AddLeg.newBuilder().setVolumeId(id(30)));
  }

  private Change.Builder drop(int leg) {
    return Change.newBuilder().setDropLeg(DropLeg.newBuilder().setVolumeId(id(30)).setLegId(c.volume(30).getLayout().getLegs(leg).getId()));
  }

  private static List<String> disks(List<DiskBytes> some) {
    return some.stream().map(d -> d.getDiskName() + " " + d.getBytes() / MIB).toList();
  }

  @Test
  void addingALegSaysWhereToHowMuchIsCopiedAndWhatItIsGoodFor() {
    c.pool(100 * MIB, 90 * MIB, 5 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    ChangePlan plan = plan(add());
    assertFalse(plan.hasProblem());
    assertEquals(10 * MIB, plan.getCopiedBytes());
    PlannedVolume v = plan.getVolumes(0);
    assertEquals("1 copy; no disk may fail", v.getBefore().getWords());
    assertEquals("1 copy; no disk may fail", v.getDuring().getWords());
    assertEquals("2 copies; any disk may fail", v.getAfter().getWords());
    assertEquals(1, v.getAfter().getDisksMayFail());
    assertEquals(2, v.getMovesCount(), "write intents come beside the leg that stays");
    assertEquals(List.of("d10 1"), disks(v.getMoves(0).getToList()));
    assertEquals(List.of("d11 11"), disks(v.getMoves(1).getToList()));
    assertEquals(10 * MIB, v.getMoves(1).getCopiedBytes());
    assertEquals(List.of("d10: leg 1 lies on it", "d11: ", "d12: 5 MiB free of 10 MiB needed"), plan.getCandidatesList().stream()
        .map(x -> x.getDiskName() + ": " + x.getReason()).toList());
  }

  @Test
  void droppingALegSaysWhatIsFreeAndHowLittleMayFailThen() {
    c.pool(100 * MIB, 90 * MIB);
    mirror(2);
    ChangePlan plan = plan(drop(1));
    PlannedVolume v = plan.getVolumes(0);
    assertEquals(0, plan.getCopiedBytes());
    assertEquals(List.of("d11 11"), disks(v.getMoves(0).getFromList()));
    assertEquals(2, v.getMoves(0).getLeg());
    assertEquals(2, v.getBefore().getCopies());
    assertEquals(1, v.getDuring().getCopies());
    assertEquals(1, v.getAfter().getCopies());
  }

  @Test
  void aLegThatMovesIsOneMoveAndNoCopyIsMissingMeanwhile() {
    c.pool(100 * MIB, 90 * MIB, 80 * MIB);
    mirror(2);
    Volume now = c.volume(30);
    String fresh = id(77);
    Change.Builder add = add();
    add.getAddLegBuilder().setNewLegId(fresh);
    Change.Builder fill = Change.newBuilder().setFillLeg(FillLeg.newBuilder().setVolumeId(now.getId()).setLegId(fresh));
    Change.Builder finish = Change.newBuilder().setFinishLeg(FinishLeg.newBuilder().setVolumeId(now.getId()).setLegId(fresh));
    ChangePlan plan = plan(add, fill, finish, drop(0));
    assertFalse(plan.hasProblem(), plan::toString);
    PlannedVolume v = plan.getVolumes(0);
    assertEquals(1, v.getMovesCount());
    assertEquals(List.of("d10 11"), disks(v.getMoves(0).getFromList()));
    assertEquals(List.of("d12 11"), disks(v.getMoves(0).getToList()));
    assertEquals(2, v.getDuring().getCopies());
    assertEquals(10 * MIB, plan.getCopiedBytes());
  }

  @Test
  void aPlanThatCannotBeSaysWhyForEachDisk() {
    c.pool(100 * MIB, 5 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    ChangePlan plan = plan(add());
    assertEquals(Problem.Code.NO_SPACE, plan.getProblem().getCode());
    assertEquals(0, plan.getVolumesCount());
    assertEquals(0, plan.getProblem().getCandidatesCount(), "they are in the plan once");
    assertEquals(List.of("d10: leg 1 lies on it", "d11: 5 MiB free of 10 MiB needed"), plan.getCandidatesList().stream()
        .map(x -> x.getDiskName() + ": " + x.getReason()).toList());
  }

  @Test
  void growthCopiesNothing() {
    c.pool(100 * MIB, 90 * MIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    ChangePlan plan = plan(resize(30, 30 * MIB));
    PlannedVolume v = plan.getVolumes(0);
    assertEquals(10 * MIB, v.getSizeBeforeBytes());
    assertEquals(30 * MIB, v.getSizeAfterBytes());
    assertEquals(List.of("d10 20"), disks(v.getMoves(0).getToList()));
    assertEquals(0, plan.getCopiedBytes());
  }

  @Test
  void oneDomainBelowAllCopiesIsSeenThrough() {
    c.applied(addDisk(10, "d10", 100 * MIB, "rack1"));
    c.applied(addDisk(11, "d11", 90 * MIB, "rack1"));
    c.applied(createPool(20, "gold", 10, 11));
    c.applied(createVolume(30, "v1", 10 * MIB));
    Redundancy after = plan(add()).getVolumes(0).getAfter();
    assertEquals("2 copies; any disk may fail, but no failure domain", after.getWords());
    assertEquals(1, after.getDisksMayFail());
    assertEquals(0, after.getDomainsMayFail());
  }

  @Test
  void aHostLearnsOfItsOwnVolumesSizeAndOfNoDisk() {
    c.pool(100 * MIB);
    c.host(40, "h1");
    c.applied(Change.newBuilder().setSetAllowance(SetAllowance.newBuilder().setHostId(id(40))
        .setAllowance(Allowance.newBuilder().setPoolId(id(20)).setMaxBytes(50 * MIB))));
    c.actor = host(40);
    c.applied(createVolume(30, "own", 10 * MIB));
    ChangePlan plan = c.view().planChange(List.of(resize(30, 30 * MIB).build()), host(40));
    assertEquals(30 * MIB, plan.getVolumes(0).getSizeAfterBytes());
    assertEquals(0, plan.getVolumes(0).getMovesCount() + plan.getCandidatesCount());
    assertTrue(c.view().planChange(List.of(add().build()), host(40)).hasProblem(), "legs are for administrators");
  }
}
