package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class HostRightsTest {
  private final CatalogFixture c = new CatalogFixture();

  @BeforeEach
  void twoHostsOfWhichOneMayAllocate() {
    c.pool(GIB);
    c.applied(addDisk(15, "d15", GIB));
    c.applied(createPool(21, "silver", 15));
    c.host(40, "h1");
    c.host(41, "h2");
    c.applied(IdentityChangesTest.allow(40, 20, 10 * MIB));
    c.actor = host(40);
  }

  @Test
  void aHostAllocatesWithinItsAllowanceAndGetsAGrant() {
    c.applied(createVolume(30, "v1", 6 * MIB));
    assertEquals(id(40), c.volume(30).getCreatedByHostId());
    assertEquals(Access.READ_WRITE, c.volume(30).getGrants(0).getAccess());
    Problem problem = c.refused(Problem.Code.FORBIDDEN, createVolume(31, "v2", 5 * MIB));
    assertEquals("6 MiB of the 10 MiB allowed are in use", problem.getWhy());
    c.applied(createVolume(31, "v2", 3 * MIB));
    c.refused(Problem.Code.FORBIDDEN, resize(31, 5 * MIB));
    c.applied(resize(31, 4 * MIB));
    c.applied(attach(30, 40, Access.READ_WRITE));
    c.applied(detach(30, 40));
    c.applied(release(30, 40));
    c.applied(delete(30));
    assertEquals(4 * MIB, c.view().bytesCreatedBy(id(40)));
  }

  @Test
  void theAllowanceCountsWhatIsTakenAfterRoundingUp() {
    c.applied(createVolume(30, "v1", 9 * MIB + 1));
    c.refused(Problem.Code.FORBIDDEN, createVolume(31, "v2", 1));
  }

  @Test
  void anotherPoolIsForbiddenWhetherItIsThereOrNot() {
    Change.Builder silver = createVolume(30, "v1", MIB);
    silver.getCreateVolumeBuilder().setPoolId(id(21));
    Change.Builder none = createVolume(30, "v1", MIB);
    none.getCreateVolumeBuilder().setPoolId(id(29));
    assertEquals(c.refused(Problem.Code.FORBIDDEN, silver), c.refused(Problem.Code.FORBIDDEN, none));
    c.actor = host(41);
    c.refused(Problem.Code.FORBIDDEN, createVolume(30, "v1", MIB));
  }

  @Test
  void aVolumeThatIsNotGrantedDoesNotExistForAHost() {
    c.actor = ADMIN;
    c.applied(createVolume(30, "v1", MIB));
    c.actor = host(40);
    for (Change.Builder change : new Change.Builder[] {delete(30), resize(30, GIB), attach(30, 40, Access.READ_ONLY), detach(30, 40), release(30, 40)}) {
      Problem there = c.refused(Problem.Code.NOT_FOUND, change);
      assertEquals("There is no volume " + id(30), there.getWhat());
      assertEquals(0, there.getObjectsCount());
    }
  }

  @Test
  void aGrantedVolumeOfOthersIsAttachedButNeitherResizedNorDeleted() {
    c.actor = ADMIN;
    c.applied(createVolume(30, "v1", MIB));
    c.applied(grant(30, 40, Access.READ_ONLY));
    c.applied(grant(30, 41, Access.READ_WRITE));
    c.actor = host(40);
    c.refused(Problem.Code.FORBIDDEN, delete(30));
    c.refused(Problem.Code.FORBIDDEN, resize(30, GIB));
    c.refused(Problem.Code.FORBIDDEN, attach(30, 40, Access.READ_WRITE));
    c.applied(attach(30, 40, Access.READ_ONLY));
    c.refused(Problem.Code.FORBIDDEN, detach(30, 41));
  }

  @Test
  void aHostLearnsNoNamesOfOtherHostsNorOfDisks() {
    c.actor = ADMIN;
    c.applied(createVolume(30, "v1", MIB));
    c.applied(grant(30, 40, Access.READ_WRITE));
    c.applied(grant(30, 41, Access.READ_WRITE));
    c.applied(attach(30, 41, Access.READ_WRITE));
    c.applied(IdentityChangesTest.allow(40, 20, 100 * GIB));
    c.actor = host(40);
    Problem held = c.refused(Problem.Code.CONFLICT, attach(30, 40, Access.READ_WRITE));
    assertFalse(held.toString().contains("h2") || held.toString().contains(id(41)), held.toString());
    Problem full = c.refused(Problem.Code.NO_SPACE, createVolume(31, "v2", 2 * GIB));
    assertFalse(full.toString().contains("d10") || full.getCandidatesCount() > 0, full.toString());
    VolumePlan plan = c.view().planVolume(createVolume(31, "v2", 2 * GIB).getCreateVolume(), host(40));
    assertTrue(plan.hasProblem() && plan.getCandidatesCount() == 0);
  }

  @Test
  void everythingElseIsForbiddenAndARemovedHostMayNothing() {
    c.refused(Problem.Code.FORBIDDEN, addDisk(16, "d16", GIB));
    c.refused(Problem.Code.FORBIDDEN, grant(30, 40, Access.READ_WRITE));
    c.refused(Problem.Code.FORBIDDEN, IdentityChangesTest.allow(40, 20, GIB));
    c.refused(Problem.Code.FORBIDDEN, Change.newBuilder().setRenameHost(RenameHost.newBuilder().setHostId(id(40)).setName("x")));
    c.actor = host(49);
    c.refused(Problem.Code.FORBIDDEN, createVolume(30, "v1", MIB));
  }
}
