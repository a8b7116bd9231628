package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sluice.api.layout.LegRole;
import sluice.api.layout.VolumeLayout;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.v1.*;

class MirrorPlacementTest {
  private final CatalogFixture c = new CatalogFixture();

  private static Change.Builder mirror(int n, long bytes, int stripes, int legs) {
    Change.Builder change = createVolume(n, "v" + n, bytes, stripes);
    change.getCreateVolumeBuilder().setLegs(legs);
    return change;
  }

  /** Disks 10, 11, … of 100 MiB in these domains, in the pool. */
  private void pool(String... domains) {
    int[] ids = new int[domains.length];
    for (int i = 0; i < domains.length; i++) {
      ids[i] = 10 + i;
      c.applied(addDisk(10 + i, "d" + (10 + i), 100 * MIB, domains[i]));
    }
    c.applied(createPool(20, "gold", ids));
  }

  private Set<String> disks(int leg) {
    return Legs.disks(c.volume(30), leg);
  }

  private Set<String> domains(int leg) {
    Set<String> domains = new TreeSet<>();
    for (String id : disks(leg)) domains.add(c.view().disk(id).orElseThrow().getDomain());
    return domains;
  }

  private void spare(int disk) {
    c.applied(Change.newBuilder().setSetDisk(SetDisk.newBuilder().setDiskId(id(disk)).setSpare(true)));
  }

  private Map<String, String> reasons(VolumePlan plan) {
    return plan.getCandidatesList().stream().collect(Collectors.toMap(Candidate::getDiskName, Candidate::getReason));
  }

  @Test
  void aVolumeOfOneLegHasNeitherLegStatesNorIntents() {
    pool("", "");
    c.applied(mirror(30, 10 * MIB, 1, 1));
    assertEquals(0, c.volume(30).getLayout().getLegsCount());
    assertEquals(0, c.volume(30).getLayout().getRegionBytes());
    assertEquals(10 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
  }

  @Test
  void twoLegsLieOnTwoDisksInSyncEachWithItsIntentsBesideIt() {
    pool("", "");
    c.applied(mirror(30, 10 * MIB, 1, 2));
    Layout layout = c.volume(30).getLayout();
    assertEquals(2, c.volume(30).getLegs());
    assertEquals(MIB, layout.getRegionBytes());
    for (LegInfo leg : layout.getLegsList()) {
      assertEquals(LegInfo.State.IN_SYNC, leg.getState());
      assertEquals(MIB, leg.getIntents().getLengthBytes());
    }
    assertNotEquals(layout.getLegs(0).getId(), layout.getLegs(1).getId());
    assertEquals(22 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
    VolumeLayout mapped = LayoutMapping.layout(c.volume(30));
    assertEquals(LegRole.State.IN_SYNC, mapped.legs().get(1).state());
    assertEquals(layout.getLegs(1).getIntents().getOffsetBytes(), mapped.legs().get(1).intents().offset());
    assertEquals(MIB, mapped.regionBytes());
    c.applied(delete(30));
    assertEquals(0, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
  }

  @Test
  void theIntentsOfAPoolWithALargerUnitTakeAWholeUnit() {
    c.applied(addDisk(10, "d10", 100 * MIB));
    c.applied(addDisk(11, "d11", 100 * MIB));
    Change.Builder pool = createPool(20, "gold", 10, 11);
    pool.getCreatePoolBuilder().setUnitBytes(4 * MIB);
    c.applied(pool);
    c.applied(mirror(30, 10 * MIB, 1, 2));
    assertEquals(32 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
  }

  @Test
  void theSameCommandGivesTheSameIdsOnEveryMachine() {
    pool("", "");
    c.applied(mirror(30, 10 * MIB, 1, 2));
    CatalogFixture other = new CatalogFixture();
    other.pool(100 * MIB, 100 * MIB);
    other.applied(mirror(30, 10 * MIB, 1, 2));
    assertEquals(c.volume(30).getLayout().getLegs(0).getId(), other.volume(30).getLayout().getLegs(0).getId());
  }

  @Test
  void legsLieInDifferentDomainsAndTheOtherDisksSayWhyTheyWereNotTaken() {
    pool("r1", "r1", "r2", "r3");
    spare(13);
    VolumePlan plan = c.view().planVolume(mirror(30, 10 * MIB, 1, 2).getCreateVolume(), ADMIN);
    assertEquals(Map.of("d10", "leg 1", "d11", "same failure domain as leg 1", "d12", "leg 2", "d13", "a spare: kept for replacing legs"), reasons(plan));
    assertEquals(2, plan.getVolume().getLayout().getLegsCount());
  }

  @Test
  void stripesOfALegStayWithinItsDomainIfTheOtherLegWouldHaveNoneLeftOtherwise() {
    pool("r1", "r2", "r1", "r2");
    c.applied(mirror(30, 10 * MIB, 2, 2));
    assertEquals(1, domains(0).size());
    assertEquals(1, domains(1).size());
    assertNotEquals(domains(0), domains(1));
  }

  @Test
  void withOneDomainOnlyTheLegsLieOnDifferentDisksOfIt() {
    pool("r1", "r1");
    c.applied(mirror(30, 10 * MIB, 1, 2));
    assertNotEquals(disks(0), disks(1));
  }

  @Test
  void legsThatNeedSeveralDisksEachShareNoneAndHaveTheSameBoundaries() {
    pool("", "", "", "");
    c.applied(createVolume(31, "filler", 40 * MIB));
    c.applied(mirror(30, 140 * MIB, 1, 2));
    Set<String> both = new TreeSet<>(disks(0));
    both.retainAll(disks(1));
    assertTrue(both.isEmpty());
    assertEquals(140 * MIB, LayoutMapping.layout(c.volume(30)).size());
  }

  @Test
  void withoutEnoughDisksItIsRefusedWithTheReasonOfEach() {
    pool("", "");
    Problem problem = c.refused(Problem.Code.NO_SPACE, mirror(30, 10 * MIB, 1, 3));
    assertEquals("Pool gold has no room for 3 legs of volume v30", problem.getWhat());
    assertTrue(problem.getWhy().startsWith("for leg 3: "), problem.getWhy());
    assertEquals(Set.of("leg 1 lies on it", "leg 2 lies on it"),
        problem.getCandidatesList().stream().map(Candidate::getReason).collect(Collectors.toSet()));
    assertTrue(c.refused(Problem.Code.INVALID_ARGUMENT, mirror(30, 10 * MIB, 1, 5)).getWhy().contains("1 to 4"));
  }

  @Test
  void aSpareIsNotPartOfWhatANewVolumeCanHave() {
    pool("", "", "");
    spare(12);
    assertEquals(200 * MIB, c.view().poolUsage(id(20)).orElseThrow().getLargestLinearBytes());
    c.applied(createVolume(30, "v30", 150 * MIB));
    assertFalse(disks(0).contains(id(12)));
    c.refused(Problem.Code.NO_SPACE, createVolume(31, "v31", 100 * MIB));
  }

  @Test
  void regionsGrowWithTheVolumeSoThatTheirNumberStaysBounded() {
    c.pool(200 * GIB, 200 * GIB);
    c.applied(mirror(30, 20 * GIB, 1, 2));
    assertEquals(MIB, c.volume(30).getLayout().getRegionBytes());
    c.applied(resize(30, 32_000 * MIB));
    assertEquals(MIB, c.volume(30).getLayout().getRegionBytes());
    c.applied(resize(30, 32_001 * MIB));
    assertEquals(2 * MIB, c.volume(30).getLayout().getRegionBytes());
    assertEquals(3, c.volume(30).getLayout().getEpoch());
  }

  @Test
  void growingTakesAsMuchForEveryLegAndKeepsThemApart() {
    pool("", "", "", "");
    c.applied(mirror(30, 90 * MIB, 1, 2));
    c.applied(createVolume(31, "filler", 5 * MIB));
    c.applied(resize(30, 150 * MIB));
    Set<String> both = new TreeSet<>(disks(0));
    both.retainAll(disks(1));
    assertTrue(both.isEmpty());
    assertEquals(150 * MIB, LayoutMapping.layout(c.volume(30)).size());
    assertEquals(307 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
    Problem problem = c.refused(Problem.Code.NO_SPACE, resize(30, 250 * MIB));
    assertEquals(4, problem.getCandidatesCount());
  }
}
