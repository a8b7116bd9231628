package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.Test;
import sluice.core.layout.LayoutMapping;
import sluice.protocol.v1.*;

class VolumeChangesTest {
  private final CatalogFixture c = new CatalogFixture();

  @Test
  void aVolumeIsRoundedUpToTheUnitAndTakesExactlyThatSpace() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", 10 * MIB + 1));
    assertEquals(11 * MIB, c.volume(30).getSizeBytes());
    PoolUsage usage = c.view().poolUsage(id(20)).orElseThrow();
    assertEquals(11 * MIB, usage.getAllocatedBytes());
    assertEquals(GIB - 11 * MIB, usage.getFreeBytes());
    assertEquals(usage.getFreeBytes(), usage.getLargestLinearBytes());
    assertEquals("create volume v1, " + FieldRules.bytes(10 * MIB + 1) + ", in pool gold", c.view().newestAudit(1).get(0).getAction());
    assertEquals("volume-created", c.last.delta().getEvents(0).getKind());
  }

  @Test
  void stripesLieOnDifferentDisksAndTheLayoutMapsAllOfTheVolume() {
    c.pool(GIB, GIB, GIB);
    c.applied(createVolume(30, "v1", 10 * MIB, 3));
    Segment segment = c.volume(30).getLayout().getSegments(0);
    assertEquals(3, segment.getLegs(0).getColumnsList().stream().map(Extent::getDiskId).distinct().count());
    assertEquals(12 * MIB, segment.getLengthBytes());
    assertEquals(10 * MIB, LayoutMapping.layout(c.volume(30)).size());
    assertEquals(12 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
  }

  @Test
  void aFullPoolRefusesWithTheReasonForEveryDisk() {
    c.pool(2 * GIB, GIB);
    Problem problem = c.refused(Problem.Code.NO_SPACE, createVolume(30, "v1", 4 * GIB));
    assertEquals("3 GiB free of 4 GiB needed", problem.getWhy());
    assertEquals("2 GiB free of 4 GiB needed", problem.getCandidates(0).getReason());
    assertEquals("1 GiB free of 4 GiB needed", problem.getCandidates(1).getReason());
    Problem striped = c.refused(Problem.Code.NO_SPACE, createVolume(30, "v1", 4 * GIB, 2));
    assertEquals("column 1 lies on it already", striped.getCandidates(0).getReason());
    assertEquals("1 GiB free of 2 GiB needed", striped.getCandidates(1).getReason());
  }

  @Test
  void disksToAvoidGetNothingAndSayWhy() {
    c.pool(2 * GIB, GIB);
    Change.Builder change = createVolume(30, "v1", GIB);
    change.getCreateVolumeBuilder().addAvoid(AvoidDisk.newBuilder().setDiskId(id(10)).setReason("offline since noon"));
    c.applied(change);
    assertEquals(id(11), c.volume(30).getLayout().getSegments(0).getLegs(0).getColumns(0).getDiskId());
    Change.Builder second = createVolume(31, "v2", GIB);
    second.getCreateVolumeBuilder().addAvoid(AvoidDisk.newBuilder().setDiskId(id(10)).setReason("offline since noon"));
    assertEquals("offline since noon", c.refused(Problem.Code.NO_SPACE, second).getCandidates(0).getReason());
  }

  @Test
  void planningShowsWhereItWouldLieAndChangesNothing() {
    c.pool(2 * GIB, GIB);
    CatalogState before = c.catalog.save();
    VolumePlan plan = c.view().planVolume(createVolume(0, "v1", GIB).getCreateVolume().toBuilder().clearVolumeId().build(), ADMIN);
    assertEquals(id(10), plan.getVolume().getLayout().getSegments(0).getLegs(0).getColumns(0).getDiskId());
    assertEquals(2, plan.getCandidatesCount());
    assertTrue(c.view().planVolume(createVolume(0, "v1", 9 * GIB).getCreateVolume(), ADMIN).hasProblem());
    assertEquals(before, c.catalog.save());
  }

  @Test
  void sizesStripesAndUnitsThatCannotBeAreRefused() {
    c.pool(GIB);
    c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, "v1", 0));
    c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, "v1", -1));
    c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, "v1", Long.MAX_VALUE));
    c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, "v1", Long.MAX_VALUE - 2 * MIB, 64));
    c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, "v1", GIB, 65));
    c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, "v1", GIB, -1));
    for (long unit : new long[] {2048, 4097, 3 << 12, 32 * MIB, -4096}) {
      Change.Builder change = createVolume(30, "v1", MIB);
      change.getCreateVolumeBuilder().setStripeUnitBytes(unit);
      c.refused(Problem.Code.INVALID_ARGUMENT, change);
    }
    c.refused(Problem.Code.NOT_FOUND, createVolume(30, "v1", MIB).setCreateVolume(
        createVolume(30, "v1", MIB).getCreateVolume().toBuilder().setPoolId(id(21))));
  }

  @Test
  void aStripeUnitLargerThanThePoolsUnitRoundsTheColumnsUp() {
    c.pool(GIB, GIB);
    Change.Builder change = createVolume(30, "v1", 20 * MIB, 2);
    change.getCreateVolumeBuilder().setStripeUnitBytes(16 * MIB);
    c.applied(change);
    assertEquals(32 * MIB, c.volume(30).getLayout().getSegments(0).getLengthBytes());
  }

  @Test
  void growingExtendsInPlaceAndRaisesTheEpoch() {
    c.pool(GIB, GIB);
    c.applied(createVolume(30, "v1", 10 * MIB, 2));
    c.applied(resize(30, 100 * MIB));
    assertEquals(1, c.volume(30).getLayout().getSegmentsCount());
    assertEquals(2, c.volume(30).getLayout().getEpoch());
    assertEquals(100 * MIB, LayoutMapping.layout(c.volume(30)).size());
    assertEquals(100 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
  }

  @Test
  void growingFillsWhatIsBehindAndGoesOnElsewhere() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    c.applied(createVolume(31, "v2", 10 * MIB));
    c.applied(createVolume(32, "v3", 10 * MIB));
    c.applied(delete(31));
    c.applied(resize(30, 30 * MIB));
    Layout layout = c.volume(30).getLayout();
    assertEquals(2, layout.getSegmentsCount());
    assertEquals(20 * MIB, layout.getSegments(0).getLengthBytes());
    assertEquals(30 * MIB, LayoutMapping.layout(c.volume(30)).size());
  }

  @Test
  void growingWithinTheSlackOfTheColumnsTakesNoSpaceButANewEpoch() {
    c.pool(GIB, GIB, GIB);
    c.applied(createVolume(30, "v1", 10 * MIB, 3));
    c.applied(resize(30, 12 * MIB));
    assertEquals(12 * MIB, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
    assertEquals(2, c.volume(30).getLayout().getEpoch());
  }

  @Test
  void growingToTheSameSizeIsNoChangeAndShrinkingIsRefused() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", 10 * MIB));
    c.applied(resize(30, 10 * MIB));
    assertEquals(0, c.last.delta().getChangesCount());
    c.refused(Problem.Code.CONFLICT, resize(30, 9 * MIB));
    c.refused(Problem.Code.NO_SPACE, resize(30, 2 * GIB));
  }

  @Test
  void anAttachedVolumeIsNeitherResizedDeletedNorSharedNamingTheHost() {
    c.pool(GIB);
    c.host(40, "h1");
    c.applied(createVolume(30, "v1", MIB));
    c.applied(grant(30, 40, Access.READ_WRITE));
    c.applied(attach(30, 40, Access.READ_WRITE));
    assertTrue(c.refused(Problem.Code.CONFLICT, resize(30, 2 * MIB)).getWhy().contains("host h1"));
    assertTrue(c.refused(Problem.Code.CONFLICT, delete(30)).getObjectsList().contains(id(40)));
    c.refused(Problem.Code.CONFLICT, share(30, true));
    c.applied(release(30, 40));
    c.applied(share(30, true));
    c.applied(delete(30));
  }

  @Test
  void deletingGivesSpaceAndNameBackAtOnce() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", GIB));
    c.applied(delete(30));
    assertEquals(0, c.view().poolUsage(id(20)).orElseThrow().getAllocatedBytes());
    c.applied(createVolume(31, "v1", GIB));
    c.refused(Problem.Code.NOT_FOUND, delete(30));
  }

  @Test
  void namesAreUniqueAndRenamingKeepsTheLayout() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", MIB));
    c.applied(createVolume(31, "v2", MIB));
    c.refused(Problem.Code.ALREADY_EXISTS, createVolume(32, "v1", MIB));
    c.refused(Problem.Code.ALREADY_EXISTS, createVolume(30, "v9", MIB));
    c.refused(Problem.Code.ALREADY_EXISTS, rename(30, "v2"));
    Layout layout = c.volume(30).getLayout();
    c.applied(rename(30, "v3"));
    assertEquals(layout, c.volume(30).getLayout());
    assertTrue(c.view().volumeByName("v1").isEmpty());
    assertEquals(id(30), c.view().volumeByName("v3").orElseThrow().getId());
  }

  @Test
  void namesThatCannotBeAreRefused() {
    c.pool(GIB);
    for (String bad : new String[] {"", "-v", ".v", "V1", "v 1", "v/1", "v\u00e9", "x".repeat(65), id(7)}) {
      assertNotEquals("", c.refused(Problem.Code.INVALID_ARGUMENT, createVolume(30, bad, MIB)).getCorrection());
    }
    c.applied(createVolume(30, "0.a_b-c", MIB));
    for (String bad : new String[] {"", "v1", id(7).toUpperCase().replace('0', 'A')}) {
      Change.Builder change = createVolume(31, "v", MIB);
      change.getCreateVolumeBuilder().setVolumeId(bad);
      c.refused(Problem.Code.INVALID_ARGUMENT, change);
    }
  }

  private static Change.Builder rename(int n, String name) {
    return Change.newBuilder().setRenameVolume(RenameVolume.newBuilder().setVolumeId(id(n)).setName(name));
  }
}
