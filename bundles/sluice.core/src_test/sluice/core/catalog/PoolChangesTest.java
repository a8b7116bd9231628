package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class PoolChangesTest {
  private final CatalogFixture c = new CatalogFixture();

  @Test
  void disksThatCannotBeAreRefused() {
    c.applied(addDisk(10, "d10", GIB));
    assertTrue(c.refused(Problem.Code.ALREADY_EXISTS, addDisk(10, "other", GIB)).getWhy().contains("d10"));
    c.refused(Problem.Code.ALREADY_EXISTS, addDisk(11, "d10", GIB));
    c.refused(Problem.Code.INVALID_ARGUMENT, addDisk(11, "d11", GIB, "Rack 1"));
    c.refused(Problem.Code.INVALID_ARGUMENT, addDisk(11, "d11", -3 * MIB));
    c.refused(Problem.Code.INVALID_ARGUMENT, addDisk(11, "d11", 0));
    Change.Builder inPool = addDisk(11, "d11", GIB);
    inPool.getAddDiskBuilder().getDiskBuilder().setPoolId(id(20));
    c.refused(Problem.Code.INVALID_ARGUMENT, inPool);
    Change.Builder uri = addDisk(11, "d11", GIB);
    uri.getAddDiskBuilder().getDiskBuilder().addUris("two\nlines");
    c.refused(Problem.Code.INVALID_ARGUMENT, uri);
  }

  @Test
  void onlyTheFieldsThatAreSetAreChangedOnADisk() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", MIB));
    c.applied(set(SetDisk.newBuilder().setDomain("rack-1")));
    c.applied(set(SetDisk.newBuilder().setName("new").addUris("file:/b")));
    Disk disk = c.view().diskByName("new").orElseThrow();
    assertEquals("rack-1", disk.getDomain());
    assertEquals("file:/b", disk.getUris(0));
    assertEquals(1, disk.getUrisCount());
    assertEquals(MIB, c.view().diskUsage(id(10)).orElseThrow().allocated());
    c.applied(set(SetDisk.newBuilder().setDomain("")));
    assertEquals("", c.view().disk(id(10)).orElseThrow().getDomain());
    c.applied(addDisk(11, "d11", GIB));
    c.refused(Problem.Code.ALREADY_EXISTS, set(SetDisk.newBuilder().setName("d11")));
  }

  @Test
  void aDiskWithExtentsIsNotRemovedNamingTheVolumes() {
    c.pool(GIB, GIB);
    c.applied(createVolume(30, "v1", MIB, 2));
    c.applied(createVolume(31, "v2", MIB));
    Problem problem = c.refused(Problem.Code.CONFLICT, removeDisk(10));
    assertTrue(problem.getWhy().contains("v1"), problem.getWhy());
    assertTrue(problem.getObjectsList().contains(id(30)));
    c.applied(delete(30));
    c.applied(delete(31));
    c.applied(removeDisk(10));
    assertEquals(GIB, c.view().poolUsage(id(20)).orElseThrow().getTotalBytes());
  }

  @Test
  void poolsThatCannotBeAreRefused() {
    c.pool(GIB);
    c.applied(addDisk(11, "d11", GIB));
    c.refused(Problem.Code.ALREADY_EXISTS, createPool(20, "silver"));
    c.refused(Problem.Code.ALREADY_EXISTS, createPool(21, "gold"));
    assertTrue(c.refused(Problem.Code.CONFLICT, createPool(21, "silver", 10)).getWhy().contains("gold"));
    c.refused(Problem.Code.INVALID_ARGUMENT, createPool(21, "silver", 11, 11));
    c.refused(Problem.Code.NOT_FOUND, createPool(21, "silver", 12));
    for (long unit : new long[] {1, 3 << 20, 2048, 2 * GIB, -1}) {
      Change.Builder change = createPool(21, "silver", 11);
      change.getCreatePoolBuilder().setUnitBytes(unit);
      c.refused(Problem.Code.INVALID_ARGUMENT, change);
    }
    Change.Builder coarse = createPool(21, "silver", 11);
    coarse.getCreatePoolBuilder().setUnitBytes(GIB);
    c.refused(Problem.Code.INVALID_ARGUMENT, coarse);
  }

  @Test
  void addingADiskTwiceIsNoChangeAndAPoolStaysBelowEightEiB() {
    c.pool(GIB);
    c.applied(addDisks(10));
    assertEquals(0, c.last.delta().getChangesCount());
    c.applied(addDisk(11, "d11", Long.MAX_VALUE - 4 * MIB));
    c.refused(Problem.Code.CONFLICT, addDisks(11));
    c.refused(Problem.Code.INVALID_ARGUMENT, addDisks());
  }

  @Test
  void aPoolWithVolumesIsNotDeletedAndItsDisksStay() {
    c.pool(GIB);
    c.applied(createVolume(30, "v1", MIB));
    assertTrue(c.refused(Problem.Code.CONFLICT, deletePool()).getWhy().contains("v1"));
    c.applied(delete(30));
    c.applied(deletePool());
    assertEquals("", c.view().disk(id(10)).orElseThrow().getPoolId());
    assertTrue(c.view().diskUsage(id(10)).isEmpty());
    c.applied(createPool(21, "gold", 10));
  }

  @Test
  void poolsAreRenamedWithinTheRules() {
    c.pool(GIB);
    c.applied(createPool(21, "silver"));
    Change.Builder rename = Change.newBuilder().setRenamePool(RenamePool.newBuilder().setPoolId(id(20)).setName("silver"));
    c.refused(Problem.Code.ALREADY_EXISTS, rename);
    rename.getRenamePoolBuilder().setName("bronze");
    c.applied(rename);
    assertEquals(id(20), c.view().poolByName("bronze").orElseThrow().getId());
  }

  private static Change.Builder set(SetDisk.Builder set) {
    return Change.newBuilder().setSetDisk(set.setDiskId(id(10)));
  }

  private static Change.Builder removeDisk(int n) {
    return Change.newBuilder().setRemoveDisk(RemoveDisk.newBuilder().setDiskId(id(n)));
  }

  private static Change.Builder addDisks(int... disks) {
    AddPoolDisks.Builder add = AddPoolDisks.newBuilder().setPoolId(id(20));
    for (int disk : disks) add.addDiskIds(id(disk));
    return Change.newBuilder().setAddPoolDisks(add);
  }

  private static Change.Builder deletePool() {
    return Change.newBuilder().setDeletePool(DeletePool.newBuilder().setPoolId(id(20)));
  }
}
