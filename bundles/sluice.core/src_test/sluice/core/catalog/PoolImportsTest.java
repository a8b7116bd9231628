package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class PoolImportsTest {
  private final CatalogFixture c = new CatalogFixture();
  private PoolMetadata metadata;

  @BeforeEach
  void aPoolWithAGrantedVolume() {
    c.pool(GIB, GIB);
    c.host(40, "h1");
    c.applied(createVolume(30, "v1", 10 * MIB, 2));
    c.applied(grant(30, 40, Access.READ_WRITE));
    metadata = c.view().poolMetadata(id(20)).orElseThrow();
  }

  @Test
  void whatWasExportedComesBackAsItWasWithTheGrantsOfItsOwnHosts() {
    CatalogState before = c.catalog.save();
    c.applied(export());
    assertTrue(c.view().disks().isEmpty() && c.view().volumes().isEmpty() && c.view().pools().isEmpty());
    c.applied(importPool(metadata));
    assertEquals(before.getVolumesList(), c.view().volumes());
    assertEquals(before.getDisksList(), c.view().disks());
    assertEquals(before.getPoolsList(), c.view().pools());
  }

  @Test
  void anAttachedVolumeHoldsUpTheExport() {
    c.applied(attach(30, 40, Access.READ_WRITE));
    assertTrue(c.refused(Problem.Code.CONFLICT, export()).getWhy().contains("v1"));
  }

  @Test
  void aFreshClusterDropsStrangersAndSaysSo() {
    c.applied(attach(30, 40, Access.READ_WRITE));
    metadata = c.view().poolMetadata(id(20)).orElseThrow();
    CatalogFixture fresh = new CatalogFixture();
    fresh.applied(importPool(metadata));
    Volume volume = fresh.volume(30);
    assertEquals(c.volume(30).getLayout(), volume.getLayout());
    assertEquals(0, volume.getGrantsCount() + volume.getAttachmentsCount());
    assertEquals(3, fresh.last.delta().getEventsCount());
    assertEquals("attachments-dropped", fresh.last.delta().getEvents(2).getKind());
    fresh.applied(createVolume(31, "v2", GIB));
  }

  @Test
  void whatIsHereAlreadyIsRefusedWithWhatToDo() {
    assertTrue(c.refused(Problem.Code.ALREADY_EXISTS, importPool(metadata)).getCorrection().contains("export"));
    CatalogFixture other = new CatalogFixture();
    other.applied(createPool(21, "gold"));
    assertTrue(other.refused(Problem.Code.ALREADY_EXISTS, importPool(metadata)).getCorrection().contains("rename the pool"));
    other = new CatalogFixture();
    other.applied(addDisk(10, "x", GIB));
    assertTrue(other.refused(Problem.Code.ALREADY_EXISTS, importPool(metadata)).getCorrection().contains("remove it"));
  }

  @Test
  void allNamesThatAreTakenAreListedAtOnce() {
    CatalogFixture other = new CatalogFixture();
    other.applied(addDisk(15, "d11", GIB));
    other.applied(createPool(21, "silver", 15));
    Change.Builder create = createVolume(31, "v1", MIB);
    create.getCreateVolumeBuilder().setPoolId(id(21));
    other.applied(create);
    Problem problem = other.refused(Problem.Code.ALREADY_EXISTS, importPool(metadata));
    assertEquals("disk d11, volume v1", problem.getWhy());
    assertTrue(problem.getObjectsList().contains(id(31)));
  }

  @Test
  void metadataThatBreakARuleAreRefused() {
    CatalogFixture fresh = new CatalogFixture();
    Volume v = metadata.getVolumes(0);
    fresh.refused(Problem.Code.CORRUPT, importPool(metadata.toBuilder().addVolumes(v.toBuilder().setId(id(31)).setName("v2")).build()));
    fresh.refused(Problem.Code.CORRUPT, importPool(metadata.toBuilder().addVolumes(v).build()));
    fresh.refused(Problem.Code.CORRUPT, importPool(metadata.toBuilder().removeDisks(0).build()));
    fresh.refused(Problem.Code.CORRUPT, importPool(metadata.toBuilder().addDisks(metadata.getDisks(0)).build()));
    fresh.refused(Problem.Code.CORRUPT, importPool(metadata.toBuilder().setVolumes(0, v.toBuilder().setPoolId(id(9))).build()));
    fresh.refused(Problem.Code.CORRUPT, importPool(metadata.toBuilder().setVolumes(0, v.toBuilder().setSizeBytes(GIB)).build()));
    fresh.refused(Problem.Code.INVALID_ARGUMENT, importPool(metadata.toBuilder().setVolumes(0, v.toBuilder().setName("/")).build()));
    fresh.refused(Problem.Code.INVALID_ARGUMENT, importPool(PoolMetadata.getDefaultInstance()));
    fresh.applied(importPool(metadata));
  }

  @Test
  void theMetadataNameTheClusterAndTheRevision() {
    assertEquals(id(1), metadata.getClusterId());
    assertEquals("c1", metadata.getClusterName());
    assertEquals(c.catalog.revision(), metadata.getRevision());
    assertTrue(c.view().poolMetadata(id(29)).isEmpty());
  }

  private static Change.Builder importPool(PoolMetadata metadata) {
    return Change.newBuilder().setImportPool(ImportPool.newBuilder().setMetadata(metadata));
  }

  private static Change.Builder export() {
    return Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(id(20)));
  }
}
