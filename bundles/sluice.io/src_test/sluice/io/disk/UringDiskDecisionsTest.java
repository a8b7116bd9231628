package sluice.io.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.Op;

/**
 * What a disk makes of the answers a kernel can give: short transfers, interruptions, what a file system has not got.
 */
class UringDiskDecisionsTest {
  private static final long SIZE = 1L << 40;
  private static final long MEMORY = (1 << 20) + IoBuffer.HEADROOM;

  private final ManualLoop loop = new ManualLoop();
  private final FakeRing ring = new FakeRing();
  private final UringDisk disk = new UringDisk(loop,
      new DiskFacts(Path.of("/disk"), false, SIZE, true, new BlockTraits(SIZE, 512, 4096, false, true, true, false)),
          ring, 9,
      new HoleMap(Path.of("/disk"), Runnable::run));

  /** Keeps what was sent, for the test to answer. */
  private static final class FakeRing implements Ring {
    final List<String> sent = new ArrayList<>();
    final List<Integer> slots = new ArrayList<>();
    boolean gone;

    @Override
    public boolean submit(byte op, int fd, long offset, long address, int length, int flags, int slot) {
      if (gone) return false;
      boolean sharedZeroes = op == WRITE && address > 1 << 22;
      long where = op == FALLOCATE ? address : sharedZeroes ? 0 : address - MEMORY;
      sent.add(op + " " + offset + " " + where + " " + length + " " + flags);
      slots.add(slot);
      return true;
    }

    @Override
    public void unregister() {
      sent.add("unregister");
    }

    String last() {
      return sent.get(sent.size() - 1);
    }
  }

  /** Answers what was sent first and is not answered. */
  private void answer(int result) {
    disk.completed(ring.slots.remove(0), result);
  }

  private Op submit(Op op) {
    disk.submit(op);
    return op;
  }

  @Test
  void aShortReadIsContinuedWhereItStopped() {
    Op read = submit(Op.read(4096, 8192));
    assertEquals("22 4096 0 8192 0", ring.last());
    answer(512);
    assertEquals("22 4608 512 7680 0", ring.last());
    answer(7680);
    assertTrue(read.good());
  }

  @Test
  void aShortWriteIsContinuedWithItsFlag() {
    Op write = new Op(BlockOp.WRITE, BlockRequest.FUA, 0, 8192);
    submit(write);
    answer(4096);
    assertEquals("23 4096 4096 4096 2", ring.last());
    answer(4096);
    assertTrue(write.good());
  }

  @Test
  void anInterruptedOperationIsSentAgainButNotForEver() {
    Op read = submit(Op.read(0, 512));
    for (int i = 0; i < 16; i++) answer(-Errno.EINTR);
    assertFalse(read.done());
    answer(-Errno.EINTR);
    assertEquals(IoError.EIO, read.result);
  }

  @Test
  void theEndOfTheFileIsAnError() {
    Op read = submit(Op.read(0, 512));
    answer(0);
    assertEquals(IoError.EIO, read.result);
    Op write = submit(Op.write(0, new byte[512]));
    answer(0);
    assertEquals(IoError.EIO, write.result);
  }

  @Test
  void errnosBecomeWhatARouterCanJudge() {
    int[][] table = {{5, IoError.EIO}, {22, IoError.EIO}, {28, IoError.ENOSPC}, {122, IoError.ENOSPC},
        {19, IoError.ENXIO},
        {6, IoError.ENXIO}, {30, IoError.EROFS}, {12, IoError.ENOMEM}, {110, IoError.ETIMEDOUT}, {121, IoError.EIO}};
    for (int[] row : table) {
      Op write = submit(Op.write(0, new byte[512]));
      answer(-row[0]);
      assertEquals(row[1], write.result, "errno " + row[0]);
    }
  }

  @Test
  void withoutTheFlagFuaIsTheWriteAndThenASync() {
    Op write = submit(new Op(BlockOp.WRITE, BlockRequest.FUA, 0, 512));
    answer(-Errno.EOPNOTSUPP);
    assertEquals("23 0 0 512 0", ring.last());
    answer(512);
    assertFalse(write.done());
    assertEquals("3 0 " + -MEMORY + " 0 1", ring.last());
    answer(0);
    assertTrue(write.good());
    submit(new Op(BlockOp.WRITE, BlockRequest.FUA, 0, 512));
    assertEquals("23 0 0 512 0", ring.last());
  }

  @Test
  void aFailedSyncFailsTheWrite() {
    Op zero = submit(new Op(BlockOp.WRITE_ZEROES, BlockRequest.FUA, 0, 512));
    answer(0);
    answer(-5);
    assertEquals(IoError.EIO, zero.result);
  }

  @Test
  void aTrimThatCannotBeDoneIsAHintNotTaken() {
    Op trim = submit(new Op(BlockOp.TRIM, 0, 8192));
    assertEquals("17 0 8192 3 0", ring.last());
    answer(-Errno.EOPNOTSUPP);
    assertTrue(trim.good());
  }

  @Test
  void longRangesArePunchedAPartAtATime() {
    Op trim = submit(new Op(BlockOp.TRIM, 0, (2L << 30) + 4096));
    answer(0);
    answer(0);
    assertEquals("17 " + (2L << 30) + " 4096 3 0", ring.last());
    answer(0);
    assertTrue(trim.good());
  }

  @Test
  void zeroesArePunchedOrZeroedOrWrittenWhateverTheFileSystemHas() {
    Op zero = submit(new Op(BlockOp.WRITE_ZEROES, 0, (1 << 20) + 4096));
    assertTrue(ring.last().startsWith("17 ") && ring.last().endsWith(" 3 0"));
    answer(-Errno.EOPNOTSUPP);
    assertTrue(ring.last().startsWith("17 ") && ring.last().endsWith(" 17 0"));
    answer(-Errno.EOPNOTSUPP);
    assertEquals("23 0 0 1048576 0", ring.last());
    answer(1 << 20);
    assertEquals("23 1048576 0 4096 0", ring.last());
    answer(4096);
    assertTrue(zero.good());
    submit(new Op(BlockOp.WRITE_ZEROES, 0, 4096));
    assertEquals("23 0 0 4096 0", ring.last());
  }

  @Test
  void zeroesThatMustLeaveNoHoleAreNotPunched() {
    submit(new Op(BlockOp.WRITE_ZEROES, BlockRequest.NO_HOLE, 0, 4096));
    assertEquals("17 0 4096 17 0", ring.last());
  }

  @Test
  void moreRequestsThanSlotsWaitAndAreServedInOrder() {
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < UringDisk.MAX_UNDER_WAY + 100; i++) ops.add(submit(new Op(BlockOp.READ, 512L * i, 0)));
    ops.clear();
    for (int i = 0; i < UringDisk.MAX_UNDER_WAY + 100; i++) ops.add(submit(Op.read(512L * i, 512)));
    assertEquals(UringDisk.MAX_UNDER_WAY, ring.sent.size());
    answer(512);
    assertTrue(ops.get(0).good());
    assertEquals("22 " + 512L * UringDisk.MAX_UNDER_WAY + " 0 512 0", ring.last());
    while (!ring.slots.isEmpty()) answer(512);
    assertTrue(ops.stream().allMatch(Op::good));
  }

  @Test
  void aRingThatHasGoneEndsWhatWaitsToo() {
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < UringDisk.MAX_UNDER_WAY + 20_000; i++) ops.add(submit(new Op(BlockOp.FLUSH, 0, 0)));
    ring.gone = true;
    answer(0);
    assertEquals(IoError.ESHUTDOWN, ops.get(ops.size() - 1).result);
  }

  @Test
  void theFileIsClosedWhenTheLastRequestHasEnded() {
    submit(Op.read(0, 512));
    boolean[] closed = new boolean[1];
    disk.close().thenRun(() -> closed[0] = true);
    assertEquals("22 0 0 512 0", ring.last());
    answer(512);
    assertTrue(ring.last().startsWith("19 "));
    answer(0);
    assertEquals("unregister", ring.last());
    assertTrue(closed[0]);
  }

  @Test
  void directFilesNeedNoReadingAhead() {
    assertTrue(submit(new Op(BlockOp.CACHE, 0, 4096)).good());
    assertTrue(ring.sent.isEmpty());
  }

  @Test
  void theNumberOfDirectDependsOnTheProcessor() {
    assertEquals(0x4000, UringOpen.oDirect("amd64"));
    assertEquals(0x10000, UringOpen.oDirect("aarch64"));
  }
}
