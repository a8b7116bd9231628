package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

/** The size that the design names; there is no time asserted, but a quadratic step would make this test a long one. */
class CatalogScaleTest {
  private static final int DISKS = 2_000;
  private static final int VOLUMES = 10_000;

  @Test
  void tenThousandVolumesOnTwoThousandDisksAreMadeFoundSavedAndLoaded() {
    CatalogFixture c = new CatalogFixture();
    CreatePool.Builder pool = CreatePool.newBuilder().setPoolId(id(20)).setName("gold");
    for (int d = 0; d < DISKS; d++) {
      c.applied(addDisk(100_000 + d, "d" + d, GIB, "rack-" + d % 20));
      pool.addDiskIds(id(100_000 + d));
    }
    c.applied(Change.newBuilder().setCreatePool(pool));
    c.host(40, "h1");
    for (int v = 0; v < VOLUMES; v++) {
      Change.Builder create = createVolume(200_000 + v, "v" + v, 100 * MIB, 1 + v % 4);
      create.getCreateVolumeBuilder().setLegs(v % 10 == 0 ? 2 : 1);
      c.applied(create);
    }
    for (int v = 0; v < VOLUMES; v++) c.applied(grant(200_000 + v, 40, Access.READ_WRITE));
    for (int v = 0; v < VOLUMES; v++) assertEquals(id(200_000 + v), c.view().volumeByName("v" + v).orElseThrow().getId());
    PoolUsage usage = c.view().poolUsage(id(20)).orElseThrow();
    assertEquals(usage.getTotalBytes(), usage.getAllocatedBytes() + usage.getFreeBytes());
    assertTrue(usage.getAllocatedBytes() >= VOLUMES * 100 * MIB);
    assertEquals(VOLUMES, c.view().volumesGrantedTo(id(40)).size());
    CatalogState state = c.catalog.save();
    assertEquals(state, Catalog.load(state).save());
    c.applied(Change.newBuilder().setRemoveHost(RemoveHost.newBuilder().setHostId(id(40))));
    assertEquals(VOLUMES + 1, c.last.delta().getChangesCount());
  }
}
