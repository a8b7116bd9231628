package sluice.server.pools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.core.layout.LayoutMapping;
import sluice.io.IoLoops;
import sluice.io.NettyLoop;
import sluice.io.device.AlignedDevice;
import sluice.io.device.LayoutDevice;
import sluice.io.disk.FileDiskOpener;
import sluice.io.label.LabelIo;
import sluice.io.label.MetadataArea;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.ExportPool;
import sluice.protocol.v1.ImportPoolFrom;
import sluice.protocol.v1.PoolMetadata;
import sluice.protocol.v1.RenameVolume;
import sluice.protocol.v1.Volume;
import sluice.server.TestCluster;
import sluice.server.TestVolume;

/** What the disks of a pool carry, and coming back from them. */
@Timeout(240)
class PoolOnDisksTest {
  private TestCluster cluster;
  private IoLoops loops;
  private FileDiskOpener files;

  @BeforeEach
  void start() {
    cluster = new TestCluster("pools");
    loops = IoLoops.start("test-io", 1);
    files = new FileDiskOpener();
  }

  @AfterEach
  void stop() {
    cluster.close();
    files.close();
    loops.close();
  }

  private Path file(TestCluster of, String name) {
    return of.dir.resolve(name).toAbsolutePath();
  }

  private BlockDevice open(Path file, NettyLoop loop) throws Exception {
    return files.open(new DiskUri("file:" + file), loop, false).toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private PoolMetadata carried(Path file) throws Exception {
    BlockDevice device = open(file, loops.next());
    try {
      var label = LabelIo.read(device).toCompletableFuture().get(60, TimeUnit.SECONDS).label();
      return PoolMetadata.parseFrom(MetadataArea.read(device, label).toCompletableFuture().get(60, TimeUnit.SECONDS).orElseThrow().payload());
    } finally {
      device.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  /** A volume's bytes, straight on its disks. */
  private byte[] bytes(TestCluster of, Volume volume, byte[] toWrite) throws Exception {
    NettyLoop loop = loops.next();
    var layout = LayoutMapping.layout(volume);
    BlockDevice[] disks = new BlockDevice[layout.disks().size()];
    for (int i = 0; i < disks.length; i++) {
      String id = layout.disks().get(i);
      disks[i] = open(Path.of(new DiskUri(of.engine().read(v -> v.disk(id)).orElseThrow().getUris(0)).path()), loop);
    }
    BlockDevice device = AlignedDevice.of(new LayoutDevice(loop, layout, disks));
    byte[] data = toWrite == null ? new byte[(int) volume.getSizeBytes()] : toWrite;
    assertEquals(0, TestVolume.run(device, toWrite == null ? BlockOp.READ : BlockOp.WRITE, 0, data));
    for (BlockDevice d : disks) d.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    return data;
  }

  @Test
  void anAnsweredChangeIsOnEveryDiskOfThePool() throws Exception {
    String pool = cluster.pool("gold", 2);
    for (int i = 0; i < 5; i++) {
      Volume v = cluster.volume("v" + i, pool, 1 << 20, 1);
      for (String disk : new String[] {"gold0.img", "gold1.img"}) {
        assertTrue(carried(file(cluster, disk)).getVolumesList().contains(v), disk + " has " + v.getName());
      }
    }
  }

  @Test
  void aDiskThatIsAwayIsNotedAndCaughtUpWhenItIsBack() throws Exception {
    String pool = cluster.pool("gold", 2);
    Volume v = cluster.volume("v1", pool, 1 << 20, 1);
    Path away = file(cluster, "gold1.img");
    cluster.stop();
    Files.move(away, away.resolveSibling("away"));
    cluster.start();
    TestCluster.until("seen", () -> cluster.picture().getDiskStatusList().stream().anyMatch(d -> d.getReason().contains("no such file")
        || d.getReason().contains("not")));
    Done done = cluster.change(Change.newBuilder().setRenameVolume(RenameVolume.newBuilder().setVolumeId(v.getId()).setName("renamed")));
    assertEquals(1, done.getNotesCount(), done.toString());
    assertTrue(done.getNotes(0).contains("gold1"), done.toString());
    Files.move(away.resolveSibling("away"), away);
    cluster.call(Call.newBuilder().setRecheckDisks(sluice.protocol.v1.RecheckDisks.getDefaultInstance()));
    TestCluster.until("caught up", () -> cluster.picture().getDiskStatusList().stream().allMatch(d -> d.getMetadataRevision() >= done.getRevision()));
    assertEquals("renamed", carried(away).getVolumes(0).getName());
  }

  private ImportPoolFrom.Builder from(TestCluster of, String... names) {
    ImportPoolFrom.Builder b = ImportPoolFrom.newBuilder();
    for (String n : names) b.addUris("file:" + file(of, n));
    return b;
  }

  private static SluiceException refused(TestCluster by, ImportPoolFrom.Builder call) {
    return assertThrows(SluiceException.class, () -> by.call(Call.newBuilder().setImportPool(call)));
  }

  @Test
  void aFreshServerImportsThePoolFromItsDisksAloneByteForByte() throws Exception {
    String pool = cluster.pool("gold", 3);
    Volume linear = cluster.volume("linear", pool, 8 << 20, 1);
    Volume striped = cluster.volume("striped", pool, 9 << 20, 3);
    byte[] data1 = new byte[8 << 20];
    byte[] data2 = new byte[(int) striped.getSizeBytes()];
    new Random(1).nextBytes(data1);
    new Random(2).nextBytes(data2);
    bytes(cluster, linear, data1);
    bytes(cluster, striped, data2);
    cluster.stop();
    try (TestCluster fresh = new TestCluster("fresh")) {
      assertEquals(ErrorCode.CONFLICT, refused(fresh, from(cluster, "gold0.img", "gold1.img", "gold2.img")).code());
      SluiceException missing = refused(fresh, from(cluster, "gold0.img", "gold2.img").setTakeOver(true));
      assertTrue(missing.getMessage().contains("gold1"), missing.getMessage());
      fresh.call(Call.newBuilder().setImportPool(from(cluster, "gold0.img", "gold1.img", "gold2.img").setTakeOver(true)));
      Volume a = fresh.engine().read(v -> v.volumeByName("linear")).orElseThrow();
      Volume b = fresh.engine().read(v -> v.volumeByName("striped")).orElseThrow();
      assertEquals(linear.getId(), a.getId());
      assertEquals(striped.getLayout().getSegmentsList(), b.getLayout().getSegmentsList());
      assertArrayEquals(data1, bytes(fresh, a, null));
      assertArrayEquals(data2, bytes(fresh, b, null));
      TestCluster.until("online", () -> fresh.picture().getDiskStatusList().stream().filter(d -> d.getReason().isEmpty()).count() == 3);
      fresh.volume("more", pool, 1 << 20, 1);
      assertEquals(3, carried(file(cluster, "gold2.img")).getVolumesCount());
    }
  }

  @Test
  void anExportedPoolIsImportedAgainAndDisksThatDoNotFitAreNamed() {
    String pool = cluster.pool("gold", 2);
    cluster.volume("v1", pool, 1 << 20, 1);
    cluster.change(Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(pool)));
    assertEquals(0, cluster.picture().getDiskStatusCount(), "nothing is said of disks that are not the cluster's");
    assertEquals(0, cluster.picture().getVolumesCount() + cluster.picture().getDisksCount());
    cluster.file("blank.img", 32 << 20);
    assertTrue(refused(cluster, from(cluster, "gold0.img", "blank.img")).getMessage().contains("blank.img"));
    assertEquals(ErrorCode.NOT_FOUND, refused(cluster, from(cluster, "gold0.img", "gold1.img").setPool("silver")).code());
    cluster.call(Call.newBuilder().setImportPool(from(cluster, "gold0.img", "gold1.img").setPool("gold")));
    assertEquals("v1", cluster.picture().getVolumes(0).getName());
    assertEquals(ErrorCode.ALREADY_EXISTS, refused(cluster, from(cluster, "gold0.img", "gold1.img")).code());
  }

  @Test
  void anExportedPoolIsImportedElsewhereWithoutTakingItOverAndOneThatIsInUseIsNot() throws Exception {
    String pool = cluster.pool("gold", 2);
    Volume v1 = cluster.volume("v1", pool, 1 << 20, 1);
    try (TestCluster other = new TestCluster("elsewhere")) {
      SluiceException owned = refused(other, from(cluster, "gold0.img", "gold1.img"));
      assertEquals(ErrorCode.CONFLICT, owned.code());
      assertTrue(owned.correction().contains("--take-over"), owned.getMessage());
      Done done = cluster.change(Change.newBuilder().setExportPool(ExportPool.newBuilder().setPoolId(pool)));
      assertEquals(0, done.getNotesCount(), done.toString());
      assertTrue(carried(file(cluster, "gold0.img")).getExported() && carried(file(cluster, "gold1.img")).getExported());
      other.call(Call.newBuilder().setImportPool(from(cluster, "gold0.img", "gold1.img")));
      assertEquals(v1.getId(), other.picture().getVolumes(0).getId());
      assertEquals(false, carried(file(cluster, "gold0.img")).getExported());
      assertEquals(ErrorCode.CONFLICT, refused(cluster, from(cluster, "gold0.img", "gold1.img")).code());
    }
  }
}
