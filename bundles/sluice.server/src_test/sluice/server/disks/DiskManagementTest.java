package sluice.server.disks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.AddDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.ListEvents;
import sluice.protocol.v1.NewDisk;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.RemoveDiskAndErase;
import sluice.protocol.v1.ScanDisks;
import sluice.protocol.v1.ScannedDisk;
import sluice.server.TestCluster;

/** What may be added as a disk and what may not, through the API. */
@Timeout(240)
class DiskManagementTest {
  private static final long SIZE = 32 << 20;
  private TestCluster cluster;

  @BeforeEach
  void start() {
    cluster = new TestCluster("disks");
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private SluiceException refused(NewDisk... disks) {
    return assertThrows(SluiceException.class, () -> cluster.addDisks(disks));
  }

  private ScannedDisk scan(Path file) {
    return cluster.call(Call.newBuilder().setScanDisks(ScanDisks.newBuilder().addUris("file:" + file))).getScan().getDisks(0);
  }

  private static void put(Path file, long at, byte[] bytes) throws Exception {
    try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
      c.write(ByteBuffer.wrap(bytes), at);
    }
  }

  @Test
  void anEmptyDiskIsAddedAndComesOnlineAndAScanThenKnowsIt() {
    Path file = cluster.file("a.img", SIZE);
    assertEquals("empty", scan(file).getWhat());
    assertTrue(scan(file).getAddable());
    Done done = cluster.addDisks(TestCluster.disk(file, ""));
    assertEquals("a", cluster.picture().getDisks(0).getName());
    TestCluster.until("online", () -> cluster.picture().getDiskStatusList().stream().anyMatch(d -> d.getReason().isEmpty()));
    ScannedDisk again = scan(file);
    assertEquals("disk a of this cluster", again.getWhat());
    assertEquals(done.getObjects(0), again.getDiskId());
  }

  @Test
  void theSameDiskUnderTwoNamesIsFound() throws Exception {
    Path file = cluster.file("a.img", SIZE);
    Path link = Files.createSymbolicLink(file.resolveSibling("b.img"), file);
    SluiceException together = refused(TestCluster.disk(file, "a"), TestCluster.disk(link, "b"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, together.code());
    assertTrue(together.getMessage().contains("a.img") && together.getMessage().contains("b.img"), together.getMessage());
    assertEquals(0, cluster.picture().getDisksCount());
    cluster.addDisks(TestCluster.disk(file, "a"));
    SluiceException later = refused(TestCluster.disk(link, "b"));
    assertEquals(ErrorCode.CONFLICT, later.code());
    assertTrue(later.getMessage().contains("disk a"), later.getMessage());
    assertEquals(1, cluster.picture().getDisksCount());
  }

  @Test
  void aForeignFileSystemIsNotOverwrittenUnasked() throws Exception {
    Path file = cluster.file("xfs.img", SIZE);
    put(file, 0, "XFSB".getBytes());
    SluiceException e = refused(TestCluster.disk(file, "a"));
    assertTrue(e.getMessage().contains("XFS"), e.getMessage());
    assertTrue(e.correction().contains("overwrite"), e.correction());
    cluster.addDisks(TestCluster.disk(file, "a").toBuilder().setOverwrite(true).build());
    assertEquals(1, cluster.picture().getDisksCount());
  }

  @Test
  void oneDiskThatMayNotBeAddedKeepsAllOfThemOut() throws Exception {
    Path good = cluster.file("good.img", SIZE);
    Path bad = cluster.file("bad.img", SIZE);
    put(bad, 4096, new byte[] {1});
    refused(TestCluster.disk(good, "a"), TestCluster.disk(bad, "b"));
    assertEquals("empty", scan(good).getWhat());
    assertEquals(0, cluster.picture().getDisksCount());
  }

  @Test
  void aDiskOfAnotherClusterADamagedLabelAndAShrunkenDiskAreRefusedWithWhatTheyAre() throws Exception {
    Path foreign;
    try (TestCluster other = new TestCluster("other")) {
      foreign = other.file("foreign.img", SIZE);
      other.addDisks(TestCluster.disk(foreign, "theirs"));
    }
    SluiceException e = refused(TestCluster.disk(foreign, "a"));
    assertTrue(e.getMessage().contains("disk theirs of cluster"), e.getMessage());
    SluiceException unmeant = refused(TestCluster.disk(foreign, "a").toBuilder().setOverwrite(true).build());
    assertTrue(unmeant.correction().contains("--confirm theirs"), unmeant.correction());
    assertThrows(SluiceException.class, () -> cluster.addDisks(TestCluster.disk(foreign, "a").toBuilder().setOverwrite(true).setConfirm("a").build()));
    assertEquals(0, cluster.picture().getDisksCount());
    try (FileChannel c = FileChannel.open(foreign, StandardOpenOption.WRITE)) {
      c.truncate(SIZE / 2);
    }
    assertTrue(refused(TestCluster.disk(foreign, "a")).getMessage().contains("shrunk"));
    put(foreign, 100, new byte[] {77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77, 77});
    assertTrue(refused(TestCluster.disk(foreign, "a")).getMessage().contains("damaged"));
  }

  @Test
  void whatIsNoDiskIsRefusedWithTheReason() throws Exception {
    assertEquals(ErrorCode.NOT_FOUND, refused(TestCluster.disk(cluster.dir.resolve("nothing").toAbsolutePath(), "a")).code());
    SluiceException small = refused(TestCluster.disk(cluster.file("small.img", 1 << 20), "a"));
    assertTrue(small.getMessage().contains("1 MiB of at least 16 MiB"), small.getMessage());
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused(NewDisk.newBuilder().setUri("ftp://x").build()).code());
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused().code());
  }

  @Test
  void aDiskWhoseAddingWasCutOffBetweenLabelAndCatalogMayBeAddedAgain() throws Exception {
    Path file = cluster.file("a.img", SIZE);
    String id = cluster.addDisks(TestCluster.disk(file, "a")).getObjects(0);
    byte[] labelled = Files.readAllBytes(file);
    cluster.call(Call.newBuilder().setRemoveDisk(RemoveDiskAndErase.newBuilder().setDiskId(id)));
    // As if the label had been written and the catalog never asked.
    put(file, 0, labelled);
    assertTrue(scan(file).getAddable(), scan(file).toString());
    assertEquals(id, cluster.addDisks(TestCluster.disk(file, "a")).getObjects(0));
  }

  private Path online() {
    Path file = cluster.file("a.img", SIZE);
    cluster.addDisks(TestCluster.disk(file, "a"));
    TestCluster.until("online", () -> state() == DiskStatus.State.ONLINE);
    return file;
  }

  private DiskStatus.State state() {
    return cluster.picture().getDiskStatusList().stream().map(DiskStatus::getState).findFirst().orElse(DiskStatus.State.OFFLINE);
  }

  private void recheck() {
    cluster.call(Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()));
  }

  @Test
  void aDiskThatIsCutOffWhileItIsInUseIsNotTheDiskAnyMore() throws Exception {
    Path file = online();
    try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
      c.truncate(SIZE / 2);
    }
    recheck();
    TestCluster.until("wrong", () -> state() == DiskStatus.State.WRONG);
    assertTrue(cluster.picture().getDiskStatus(0).getReason().contains("had"), cluster.picture().getDiskStatus(0).getReason());
    assertEquals(SIZE / 2, Files.size(file), "it was not made longer");
  }

  @Test
  void aCopyOfTheLabelThatSomethingOverwroteIsWrittenAgainAndTold() throws Exception {
    Path file = online();
    byte[] whole = Files.readAllBytes(file);
    byte[] noise = new byte[4096];
    new java.util.Random(1).nextBytes(noise);
    for (long at : List.of(0L, SIZE - 4096L)) {
      int before = mended();
      put(file, at, noise);
      recheck();
      TestCluster.until("it is told", () -> mended() > before);
      assertEquals(-1, java.util.Arrays.mismatch(whole, Files.readAllBytes(file)), "the copy at " + at);
      assertEquals(DiskStatus.State.ONLINE, state());
      recheck();
    }
    assertEquals(2, mended());
  }

  private int mended() {
    return (int) cluster.call(Call.newBuilder().setListEvents(ListEvents.getDefaultInstance())).getEvents().getEventsList().stream()
        .filter(e -> e.getKind().equals("disk-label-mended")).count();
  }

  @Test
  void aRemovedDiskHasNoLabelAnyMore() {
    Path file = cluster.file("a.img", SIZE);
    String id = cluster.addDisks(TestCluster.disk(file, "a")).getObjects(0);
    TestCluster.until("online", () -> cluster.picture().getDiskStatusList().stream().anyMatch(d -> d.getReason().isEmpty()));
    Done done = cluster.call(Call.newBuilder().setRemoveDisk(RemoveDiskAndErase.newBuilder().setDiskId(id))).getDone();
    assertEquals(0, done.getNotesCount(), done.toString());
    assertTrue(scan(file).getDiskId().isEmpty());
  }

  @Test
  void theSameRequestAskedTwiceAddsOnce() {
    Path file = cluster.file("a.img", SIZE);
    Call call = Call.newBuilder().setRequestId("r1").setAddDisks(AddDisks.newBuilder().addDisks(TestCluster.disk(file, "a"))).build();
    var first = TestCluster.await(cluster.admin().call(call)).getDone();
    assertEquals(first, TestCluster.await(cluster.admin().call(call)).getDone());
  }
}
