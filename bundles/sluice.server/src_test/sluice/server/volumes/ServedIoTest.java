package sluice.server.volumes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.core.care.CareEffects.DirtyRange;
import sluice.io.IoLoops;
import sluice.io.device.AlignedDevice;
import sluice.io.disk.FileDiskOpener;
import sluice.server.TestCluster;
import sluice.server.TestVolume;

/** The server's own use of a mirrored volume on two file disks that fail, hang and come back as told. */
@Timeout(240)
class ServedIoTest {
  private static final int SIZE = 8 << 20;
  private static final int MIB = 1 << 20;

  /** A file disk with a hand on it. */
  private static final class Handled implements BlockDevice {
    final BlockDevice file;
    final List<BlockRequest> hanging = new ArrayList<>();
    volatile int failWith;
    volatile boolean hangs;

    Handled(BlockDevice file) {
      this.file = file;
    }

    @Override
    public IoLoop loop() {
      return file.loop();
    }

    @Override
    public BlockTraits traits() {
      return new BlockTraits(file.traits().size(), 4096, 4096, false, true, false, false);
    }

    @Override
    public void submit(BlockRequest request) {
      if (hangs) hanging.add(request);
      else if (failWith != 0) request.completed(failWith);
      else file.submit(request);
    }

    void letGo() {
      hangs = false;
      loop().execute(() -> {
        for (BlockRequest r : List.copyOf(hanging)) file.submit(r);
        hanging.clear();
      });
    }

    @Override
    public CompletionStage<Void> close() {
      return file.close();
    }
  }

  @TempDir Path dir;
  private IoLoops loops;
  private IoLoop loop;
  private FileDiskOpener opener;
  private final Map<String, Handled> disks = new HashMap<>();
  private final List<String> failed = new CopyOnWriteArrayList<>();
  private volatile Set<String> ghosts = Set.of();
  private ServedIo io;
  private BlockDevice device;

  @BeforeEach
  void start() throws Exception {
    loops = IoLoops.start("served", 1);
    loop = loops.next();
    opener = new FileDiskOpener();
    for (String name : List.of("d1", "d2")) {
      Path file = dir.resolve(name).toAbsolutePath();
      try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
        f.setLength(16 << 20);
      }
      disks.put(name, new Handled(opener.open(new DiskUri("file:" + file), loop, false).toCompletableFuture().get(60, TimeUnit.SECONDS)));
    }
    serve(layout(1, LegRole.State.IN_SYNC));
  }

  private void serve(VolumeLayout layout) {
    io = new ServedIo(loop, "3d5ad1a5-5a0f-4a7b-9a3e-0c53b2a5d7f1", layout, Map.copyOf(disks), 1, new CopyRoom(), new ServedIo.Events() {
      @Override
      public void legFailed(String legId, String diskId, int error) {
        failed.add(legId);
      }

      @Override
      public void ghosts(Set<String> now) {
        ghosts = now;
      }

      @Override
      public void roomWanted(int slots, int free, int waiting) {}
    });
    device = AlignedDevice.of(io.gate);
    loop.execute(io::open);
  }

  @AfterEach
  void stop() throws Exception {
    disks.values().forEach(Handled::letGo);
    disks.values().forEach(d -> d.failWith = 0);
    io.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    loops.close();
    opener.close();
  }

  /** Leg a on d1, in sync, and leg b on d2. */
  private static VolumeLayout layout(long epoch, LegRole.State second) {
    return layout(epoch, second, SIZE);
  }

  private static VolumeLayout layout(long epoch, LegRole.State second, long size) {
    List<Segment> segments = List.of(new Segment(0, SIZE, 65536, List.of(List.of(new Extent("d1", 0, SIZE)), List.of(new Extent("d2", 0, SIZE)))));
    return new VolumeLayout(epoch, size, segments, List.of(new LegRole("a", LegRole.State.IN_SYNC, new Extent("d1", SIZE, MIB)),
        new LegRole("b", second, new Extent("d2", SIZE, MIB))), MIB);
  }

  private CompletableFuture<String> asked(Consumer<Consumer<String>> what) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    loop.execute(() -> what.accept(answer::complete));
    return answer;
  }

  private static <T> T get(CompletableFuture<T> f) {
    return TestCluster.await(f);
  }

  private String adopt(VolumeLayout next) {
    return get(asked(done -> io.adopt(next, Map.of(), done)));
  }

  private static byte[] data(int seed, int length) {
    byte[] d = new byte[length];
    new Random(seed).nextBytes(d);
    return d;
  }

  private CompletableFuture<Integer> writes(long offset, byte[] data) {
    return CompletableFuture.supplyAsync(() -> run(device, BlockOp.WRITE, offset, data));
  }

  private static int run(BlockDevice on, BlockOp op, long offset, byte[] data) {
    try {
      return TestVolume.run(on, op, offset, data);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] on(String disk, long offset, int length) {
    byte[] read = new byte[length];
    assertEquals(0, run(disks.get(disk).file, BlockOp.READ, offset, read));
    return read;
  }

  private record Copy(CopyJob job, CompletableFuture<String> done, AtomicLong copied) {}

  /** @param rate bytes a second, 0: as fast as the disks */
  private Copy copy(long rate, DirtyRange... ranges) {
    CompletableFuture<String> done = new CompletableFuture<>();
    AtomicLong copied = new AtomicLong();
    CopyJob job = new CopyJob(List.of(ranges), "a", List.of("b"), rate, copied::addAndGet, (leg, problem) -> done.complete(leg + ":" + problem));
    loop.execute(() -> io.begin(job));
    return new Copy(job, done, copied);
  }

  @Test
  void aWriteThatALegFailsIsHeldUntilTheLegIsGivenUpAndThenAcknowledged() throws Exception {
    assertEquals(0, get(writes(0, data(1, 8192))));
    disks.get("d2").failWith = IoError.EIO;
    CompletableFuture<Integer> held = writes(123, data(2, 8192));
    TestCluster.until("told", () -> failed.contains("b"));
    assertFalse(held.isDone());
    assertEquals("a copy of the volume has just failed", get(asked(io::settle)), "what may yet be made is in no snapshot");
    assertEquals("", get(asked(done -> io.hold(Set.of("b"), done))));
    CompletableFuture<Integer> waits = writes(MIB, data(3, 4096));
    assertEquals("", adopt(layout(2, LegRole.State.STALE)));
    assertEquals(0, get(held));
    assertEquals(0, get(waits));
    assertEquals("", get(asked(io::settle)));
    assertArrayEquals(data(2, 8192), read(123, 8192));
  }

  private byte[] read(long offset, int length) {
    byte[] read = new byte[length];
    assertEquals(0, run(device, BlockOp.READ, offset, read));
    return read;
  }

  @Test
  void theSameDeviceIsSmallerAndLargerUnderANewLayoutAndWhoWaitedPastItsEndHearsThat() {
    assertEquals(0, get(writes(6 * MIB, data(1, 4096))));
    assertEquals("", get(asked(done -> io.hold(Set.of(), done))));
    CompletableFuture<Integer> beyond = writes(6 * MIB, data(2, 4096));
    CompletableFuture<Integer> within = writes(MIB, data(3, 4096));
    TestCluster.until("both wait", () -> io.gate.waiting() == 2);
    assertEquals("", adopt(layout(2, LegRole.State.IN_SYNC, 4 * MIB)));
    assertEquals(IoError.ENOSPC, get(beyond));
    assertEquals(0, get(within));
    assertEquals(4 * MIB, device.traits().size());
    assertEquals(IoError.EINVAL, run(device, BlockOp.READ, 6 * MIB, new byte[4096]));
    assertArrayEquals(data(1, 4096), on("d1", 6 * MIB, 4096), "past the end nothing is touched");
    assertEquals("", adopt(layout(3, LegRole.State.IN_SYNC, 7 * MIB)));
    assertEquals(7 * MIB, device.traits().size());
    assertEquals(0, get(writes(6 * MIB, data(4, 4096))));
    assertArrayEquals(data(4, 4096), on("d2", 6 * MIB, 4096));
  }

  @Test
  void whileItIsHeldNothingGetsToTheDisksAndTheOldLayoutLetsAllGoOn() {
    assertEquals(0, get(writes(0, data(1, 4096))));
    assertEquals("", get(asked(done -> io.hold(Set.of(), done))));
    CompletableFuture<Integer> waits = writes(0, data(2, 4096));
    TestCluster.until("waits", () -> io.gate.waiting() == 1);
    assertArrayEquals(data(1, 4096), on("d1", 0, 4096));
    assertEquals("", adopt(layout(1, LegRole.State.IN_SYNC)));
    assertEquals(0, get(waits));
    assertArrayEquals(data(2, 4096), on("d2", 0, 4096));
  }

  @Test
  void aHoldWaitsForWhatIsUnderWayUnlessItIsOnALegThatIsGivenUp() {
    assertEquals(0, get(writes(MIB, data(1, 4096))));
    disks.get("d2").hangs = true;
    CompletableFuture<Integer> hangs = writes(0, data(1, 4096));
    TestCluster.until("hangs", () -> !disks.get("d2").hanging.isEmpty());
    CompletableFuture<String> all = asked(done -> io.hold(Set.of(), done));
    assertEquals("", get(asked(done -> io.hold(Set.of("b"), done))));
    assertFalse(all.isDone());
    assertEquals("", adopt(layout(2, LegRole.State.STALE)));
    assertEquals(ServedIo.GIVEN_UP, get(all));
    assertEquals(0, get(hangs));
    // It may still take effect there: the disk is not as good as another before it cannot.
    TestCluster.until("ghosts", () -> ghosts.equals(Set.of("d2")));
    disks.get("d2").letGo();
    TestCluster.until("gone", () -> ghosts.isEmpty());
  }

  @Test
  void aCopyBringsTheRangesToTheOtherLegAndNothingElse() {
    adopt(layout(2, LegRole.State.STALE));
    assertEquals(0, get(writes(0, data(1, SIZE))));
    adopt(layout(3, LegRole.State.FILLING));
    Copy copy = copy(0, new DirtyRange(0, 4096), new DirtyRange(MIB + 4096, 4 * MIB));
    assertEquals(":", get(copy.done));
    assertEquals(4096 + 3 * MIB - 4096, copy.copied.get());
    assertArrayEquals(on("d1", 0, 4096), on("d2", 0, 4096));
    assertArrayEquals(on("d1", MIB + 4096, 3 * MIB - 4096), on("d2", MIB + 4096, 3 * MIB - 4096));
    assertArrayEquals(new byte[MIB], on("d2", 4096, MIB));
    assertArrayEquals(new byte[MIB], on("d2", 4 * MIB, MIB));
  }

  @Test
  void aCopyNamesTheLegThatFailedAndEndsAndOneThatIsStoppedEndsWell() {
    adopt(layout(2, LegRole.State.FILLING));
    disks.get("d2").failWith = IoError.ENXIO;
    assertEquals("b:" + IoError.text(IoError.ENXIO), get(copy(0, new DirtyRange(0, SIZE)).done));
    disks.get("d2").failWith = 0;
    // One byte a second: after the first chunk it waits for days.
    Copy slow = copy(1, new DirtyRange(0, SIZE));
    TestCluster.until("one chunk", () -> slow.copied.get() == MIB);
    loop.execute(slow.job::stop);
    assertEquals(":", get(slow.done));
    assertEquals(MIB, slow.copied.get());
  }

  @Test
  void theRateOfACopyIsChangedWhileItGoesOn() {
    adopt(layout(2, LegRole.State.FILLING));
    Copy slow = copy(1, new DirtyRange(0, SIZE));
    TestCluster.until("one chunk", () -> slow.copied.get() == MIB);
    loop.execute(() -> slow.job.rate(0));
    assertEquals(":", get(slow.done));
    assertEquals(SIZE, slow.copied.get());
  }

  @Test
  void aCopyThatHangsOnALegThatIsGivenUpEndsAndKeepsNobodyFromItsRange() {
    adopt(layout(2, LegRole.State.FILLING));
    loop.execute(() -> io.window(0, SIZE));
    disks.get("d2").hangs = true;
    CompletableFuture<String> hangs = copy(0, new DirtyRange(0, SIZE)).done;
    TestCluster.until("hangs", () -> !disks.get("d2").hanging.isEmpty());
    assertFalse(hangs.isDone());
    assertEquals("", adopt(layout(3, LegRole.State.STALE)));
    get(hangs);
    assertEquals(0, get(writes(0, data(5, 4096))));
    TestCluster.until("ghosts", () -> ghosts.equals(Set.of("d2")));
    disks.get("d2").letGo();
    TestCluster.until("gone", () -> ghosts.isEmpty());
  }

  @Test
  void aLegThatHangsWhileTheVolumeIsOpenedIsGivenUpLikeAnyOther() {
    get(io.close().toCompletableFuture().thenApply(x -> ""));
    disks.get("d2").hangs = true;
    serve(layout(1, LegRole.State.IN_SYNC));
    CompletableFuture<Integer> waits = writes(0, data(1, 4096));
    TestCluster.until("hangs", () -> !disks.get("d2").hanging.isEmpty());
    assertEquals("", adopt(layout(2, LegRole.State.STALE)));
    assertEquals(0, get(waits));
  }

  @Test
  void aVolumeThatCannotBeReachedIsRefusedAndServedAsSoonAsItCan() {
    get(io.close().toCompletableFuture().thenApply(x -> ""));
    disks.values().forEach(d -> d.failWith = IoError.ENXIO);
    serve(layout(1, LegRole.State.IN_SYNC));
    TestCluster.until("refused", () -> get(writes(0, data(1, 4096))) == IoError.ENXIO);
    disks.values().forEach(d -> d.failWith = 0);
    TestCluster.until("served", () -> get(writes(0, data(1, 4096))) == 0);
    assertTrue(failed.isEmpty());
  }
}
