package sluice.server.care;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.SluiceException;
import sluice.io.IoLoops;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.AddLegTo;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.AttachAndWait;
import sluice.protocol.v1.AttachVolume;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.DeleteVolume;
import sluice.protocol.v1.DetachAndWait;
import sluice.protocol.v1.DetachVolume;
import sluice.protocol.v1.DropLegOf;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Grant;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.PutGrant;
import sluice.protocol.v1.RecheckDisks;
import sluice.protocol.v1.RecoverVolume;
import sluice.protocol.v1.RecoverySettings;
import sluice.protocol.v1.SetPoolRecovery;
import sluice.protocol.v1.SetVolumeShared;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.server.TestCluster;
import sluice.server.TestHost;
import sluice.server.TestVolume;

/** Mirrored volumes in a whole server, with file disks that are lost and come back, and a host that answers. */
@Timeout(240)
class HealingTest {
  private static final int SIZE = 16 << 20;

  private TestCluster cluster;
  private IoLoops loops;
  private TestHost host;
  private String pool;
  private final Map<String, byte[]> label = new HashMap<>();
  private int connections;

  @BeforeEach
  void start() {
    cluster = new TestCluster("heal");
    loops = IoLoops.start("test-io", 1);
    pool = cluster.pool("gold", 3);
    host = new TestHost(cluster, "h1");
    // So that a lost disk is not replaced where the test wants it back.
    recovery(3_600_000);
  }

  @AfterEach
  void stop() {
    host.close();
    cluster.close();
    loops.close();
  }

  private void recovery(long waitMs) {
    cluster.change(Change.newBuilder().setSetPoolRecovery(SetPoolRecovery.newBuilder().setPoolId(pool)
        .setRecovery(RecoverySettings.newBuilder().setWaitMs(waitMs))));
  }

  private void attach(Volume volume) {
    cluster.change(Change.newBuilder().setPutGrant(PutGrant.newBuilder().setVolumeId(volume.getId())
        .setGrant(Grant.newBuilder().setHostId(host.id).setAccess(Access.READ_WRITE))));
    cluster.call(Call.newBuilder().setAttach(AttachAndWait.newBuilder().setWaitMs(15_000).setAttach(
        AttachVolume.newBuilder().setVolumeId(volume.getId()).setHostId(host.id).setAccess(Access.READ_WRITE))));
  }

  private TestVolume open(Volume volume) throws Throwable {
    return TestVolume.open(loops.next(), cluster.server().nbdAddresses().get(0), host.identity, volume.getId() + "?route=1." + ++connections);
  }

  private Volume now(Volume volume) {
    return cluster.engine().read(v -> v.volume(volume.getId())).orElseThrow();
  }

  private boolean allInSync(Volume volume, int legs) {
    List<LegInfo> all = now(volume).getLayout().getLegsList();
    return all.size() == legs && all.stream().allMatch(l -> l.getState() == LegInfo.State.IN_SYNC);
  }

  private static byte[] data(int seed, int length) {
    byte[] d = new byte[length];
    new Random(seed).nextBytes(d);
    return d;
  }

  private Path file(String diskId) {
    String uri = cluster.engine().read(v -> v.disk(diskId)).orElseThrow().getUris(0);
    return Path.of(uri.substring("file:".length()));
  }

  /** What a leg holds on its disk, whatever anybody says. */
  private byte[] leg(Volume volume, int leg, long offset, int length) throws Exception {
    Extent e = now(volume).getLayout().getSegments(0).getLegs(leg).getColumns(0);
    byte[] bytes = new byte[length];
    try (FileChannel c = FileChannel.open(file(e.getDiskId()))) {
      c.read(ByteBuffer.wrap(bytes), e.getOffsetBytes() + offset);
    }
    return bytes;
  }

  private String diskOf(Volume volume, int leg) {
    return now(volume).getLayout().getSegments(0).getLegs(leg).getColumns(0).getDiskId();
  }

  private void overwrite(Path file, long at, byte[] bytes) throws Exception {
    try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
      c.write(ByteBuffer.wrap(bytes), at);
    }
  }

  /** The disk answers, and is another one: to the server it is lost. What lies in between its labels stays. */
  private void lose(String disk) throws Exception {
    byte[] all = java.nio.file.Files.readAllBytes(file(disk));
    label.put(disk, all);
    overwrite(file(disk), 0, new byte[1 << 20]);
    overwrite(file(disk), all.length - 4096, new byte[4096]);
    cluster.call(Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()));
  }

  private void bringBack(String disk) throws Exception {
    byte[] all = label.remove(disk);
    overwrite(file(disk), 0, Arrays.copyOf(all, 1 << 20));
    overwrite(file(disk), all.length - 4096, Arrays.copyOfRange(all, all.length - 4096, all.length));
    cluster.call(Call.newBuilder().setRecheckDisks(RecheckDisks.getDefaultInstance()));
  }

  private boolean alert(String kind) {
    return cluster.picture().getAlertsList().stream().anyMatch(a -> a.getKind().equals(kind));
  }

  private void sameOnAllLegs(Volume volume) throws Exception {
    byte[] first = leg(volume, 0, 0, SIZE);
    for (int l = 1; l < now(volume).getLayout().getLegsCount(); l++) assertArrayEquals(first, leg(volume, l, 0, SIZE), "leg " + l);
  }

  @Test
  void whatIsWrittenIsOnAllLegsAlsoWhenItIsNotAligned() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 2);
    attach(v);
    byte[] written = data(1, 300_001);
    assertEquals(0, open(v).write(123_457, written));
    assertArrayEquals(written, leg(v, 0, 123_457, written.length));
    assertArrayEquals(written, leg(v, 1, 123_457, written.length));
  }

  @Test
  void aLostDiskIsNotMissedAndGetsBackWhatItHasMissedWhenItReturns() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 2);
    attach(v);
    TestVolume io = open(v);
    assertEquals(0, io.write(0, data(1, 1 << 20)));
    String lost = diskOf(v, 1);
    lose(lost);
    // The connection is the same before and after; nobody is told of an error.
    assertEquals(0, io.write(0, data(2, 1 << 20)));
    assertEquals(0, io.write(8 << 20, data(3, 1 << 20)));
    TestCluster.until("stale", () -> now(v).getLayout().getLegs(1).getState() == LegInfo.State.STALE);
    TestCluster.until("alert", () -> alert("volume-degraded") && alert("disk-offline"));
    byte[] read = new byte[1 << 20];
    assertEquals(0, io.read(0, read));
    assertArrayEquals(data(2, 1 << 20), read);
    bringBack(lost);
    TestCluster.until("in sync", () -> allInSync(v, 2));
    assertEquals(lost, diskOf(v, 1));
    sameOnAllLegs(v);
    assertArrayEquals(data(3, 1 << 20), leg(v, 1, 8 << 20, 1 << 20));
    TestCluster.until("alerts cleared", () -> !alert("volume-degraded") && !alert("disk-offline"));
    Task task = cluster.picture().getTasksList().get(0);
    assertEquals(Task.State.DONE, task.getState());
    assertEquals(0, io.write(0, data(4, 1 << 20)));
    assertArrayEquals(data(4, 1 << 20), leg(v, 1, 0, 1 << 20));
  }

  @Test
  void aDiskThatDoesNotReturnIsReplacedOnAnother() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 2);
    attach(v);
    TestVolume io = open(v);
    assertEquals(0, io.write(0, data(1, 1 << 20)));
    recovery(500);
    String lost = diskOf(v, 1);
    lose(lost);
    TestCluster.until("replaced", () -> allInSync(v, 2) && !diskOf(v, 1).equals(lost));
    sameOnAllLegs(v);
    assertEquals(0, io.write(4 << 20, data(2, 4096)));
    sameOnAllLegs(v);
  }

  @Test
  void withoutSpaceForAReplacementItIsSaidAndANewDiskIsTakenAtOnce() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 3);
    recovery(500);
    lose(diskOf(v, 2));
    TestCluster.until("no spare", () -> alert("no-spare"));
    Alert said = cluster.picture().getAlertsList().stream().filter(a -> a.getKind().equals("no-spare")).findFirst().orElseThrow();
    assertFalse(said.getCorrection().isEmpty());
    assertTrue(said.getSinceMs() > 0);
    String id = cluster.addDisks(TestCluster.disk(cluster.file("more.img", 64 << 20), "more")).getObjects(0);
    cluster.change(Change.newBuilder().setAddPoolDisks(sluice.protocol.v1.AddPoolDisks.newBuilder().setPoolId(pool).addDiskIds(id)));
    TestCluster.until("replaced", () -> allInSync(v, 3) && diskOf(v, 2).equals(id));
    TestCluster.until("cleared", () -> !alert("no-spare"));
  }

  @Test
  void aVolumeInUseGetsASecondLegAndLosesItAgain() throws Throwable {
    Volume v = cluster.volume("v1", pool, SIZE, 1);
    attach(v);
    TestVolume io = open(v);
    assertEquals(0, io.write(0, data(1, 1 << 20)));
    cluster.call(Call.newBuilder().setRequestId("r1").setAddLeg(AddLegTo.newBuilder().setVolumeId(v.getId())));
    assertEquals(0, io.write(1 << 20, data(2, 1 << 20)));
    TestCluster.until("in sync", () -> allInSync(v, 2));
    sameOnAllLegs(v);
    // The answer got lost, and it is asked again: no third leg.
    cluster.call(Call.newBuilder().setRequestId("r1").setAddLeg(AddLegTo.newBuilder().setVolumeId(v.getId())));
    assertTrue(allInSync(v, 2));
    String first = now(v).getLayout().getLegs(0).getId();
    cluster.call(Call.newBuilder().setDropLeg(DropLegOf.newBuilder().setVolumeId(v.getId()).setLegId(first)));
    byte[] read = new byte[2 << 20];
    assertEquals(0, io.read(0, read));
    assertArrayEquals(data(1, 1 << 20), Arrays.copyOf(read, 1 << 20));
    SluiceException last = assertThrows(SluiceException.class, () -> cluster.call(Call.newBuilder().setDropLeg(
        DropLegOf.newBuilder().setVolumeId(v.getId()).setLegId(now(v).getLayout().getLegsCount() == 0 ? "x" : now(v).getLayout().getLegs(0).getId()))));
    assertFalse(last.what().isEmpty());
    assertTrue(cluster.engine().read(view -> view.newestAudit(1000)).stream().anyMatch(a -> a.getAction().startsWith("add a leg")
        && a.getActor().getName().equals("admin")), "the audit log names who asked");
  }

  @Test
  void aHostThatDoesNotAnswerHoldsTheChangeUpAndIsNamed() {
    Volume v = cluster.volume("v1", pool, SIZE, 1);
    attach(v);
    host.deaf = true;
    SluiceException e = assertThrows(SluiceException.class, () -> cluster.call(Call.newBuilder().setAddLeg(AddLegTo.newBuilder().setVolumeId(v.getId()))));
    assertTrue(e.getMessage().contains(host.id) || e.why().contains(host.id), e.getMessage());
    assertEquals(0, now(v).getLayout().getLegsCount());
    host.deaf = false;
  }

  private long leaseLeft() {
    return cluster.picture().getHostStatusList().stream().filter(h -> h.getHostId().equals(host.id)).findFirst().orElseThrow().getLeaseLeftMs();
  }

  private void awaitChange(Volume v, int legs) {
    TestCluster.until(legs + " legs", () -> {
      try {
        cluster.call(Call.newBuilder().setRequestId("until").setAddLeg(AddLegTo.newBuilder().setVolumeId(v.getId())));
      } catch (SluiceException e) {
        return false;
      }
      return now(v).getLayout().getLegsCount() == legs;
    });
  }

  @Test
  void aHostWhoseLeaseIsOverHoldsUpNoSharedVolumeAndGetsNoLeaseBeforeItHasAnswered() {
    Volume v = cluster.volume("v1", pool, SIZE, 1);
    cluster.change(Change.newBuilder().setSetVolumeShared(SetVolumeShared.newBuilder().setVolumeId(v.getId()).setShared(true)));
    attach(v);
    host.close();
    awaitChange(v, 2);
    host = new TestHost(cluster, host.identity, 2, true);
    TestCluster.until("connected", () -> host.up() == 1 && host.order(v.getId()).getNumber() > 0);
    // The sessions' own look at it comes each second; the heartbeats five times as often.
    TestCluster.until("heard", () -> host.beats() > 5);
    assertEquals(0, leaseLeft());
    host.deaf = false;
    TestCluster.until("renewed", () -> leaseLeft() > 0);
    TestCluster.until("in sync", () -> allInSync(v, 2));
  }

  @Test
  void aVolumeWhoseLegsAreAllInSyncHasNothingToRecover() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 2);
    TestCluster.until("reconciled", () -> allInSync(v, 2));
    assertThrows(SluiceException.class, () -> cluster.call(Call.newBuilder().setRecover(RecoverVolume.newBuilder().setVolumeId(v.getId()))));
    assertThrows(SluiceException.class, () -> cluster.call(Call.newBuilder().setRecover(RecoverVolume.newBuilder().setVolumeId("nothing"))));
  }

  @Test
  void aServerThatIsStartedAgainGoesOnWithTheRecovery() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 2);
    attach(v);
    assertEquals(0, open(v).write(0, data(1, 1 << 20)));
    String lost = diskOf(v, 1);
    lose(lost);
    TestCluster.until("stale", () -> now(v).getLayout().getLegs(1).getState() == LegInfo.State.STALE);
    assertEquals(0, open(v).write(2 << 20, data(2, 1 << 20)));
    long run = host.order(v.getId()).getRun();
    assertNotEquals(0, run);
    host.close();
    cluster.stop();
    cluster.start();
    host = new TestHost(cluster, host.identity, 2);
    bringBack(lost);
    TestCluster.until("in sync", () -> allInSync(v, 2));
    sameOnAllLegs(v);
    assertArrayEquals(data(2, 1 << 20), leg(v, 1, 2 << 20, 1 << 20));
    assertTrue(host.order(v.getId()).getRun() > run);
  }

  @Test
  void aMirroredVolumeIsDeletedAlsoWhileItHealsAndItsSpaceIsFree() throws Throwable {
    Volume v = cluster.mirrored("v1", pool, SIZE, 2);
    lose(diskOf(v, 1));
    TestCluster.until("stale", () -> now(v).getLayout().getLegs(1).getState() == LegInfo.State.STALE);
    attach(v);
    assertThrows(SluiceException.class, () -> cluster.change(Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(v.getId()))));
    assertEquals(0, open(v).write(0, data(1, 4096)));
    cluster.call(Call.newBuilder().setDetach(DetachAndWait.newBuilder().setWaitMs(15_000).setDetach(
        DetachVolume.newBuilder().setVolumeId(v.getId()).setHostId(host.id))));
    TestCluster.until("detached", () -> now(v).getAttachmentsCount() == 0);
    cluster.change(Change.newBuilder().setDeleteVolume(DeleteVolume.newBuilder().setVolumeId(v.getId())));
    assertTrue(cluster.picture().getVolumesList().isEmpty());
    TestCluster.until("cleared", () -> !alert("volume-degraded"));
    assertEquals(0, cluster.picture().getPoolUsage(0).getAllocatedBytes());
  }
}
