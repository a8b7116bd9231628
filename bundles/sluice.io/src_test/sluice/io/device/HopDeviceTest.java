package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.MemoryDisk;
import sluice.io.testing.Op;

class HopDeviceTest {
  private final ManualLoop here = new ManualLoop();
  private final ManualLoop there = new ManualLoop();
  private final MemoryDisk disk = new MemoryDisk(there, 1 << 20, 512);
  private final HopDevice hop = new HopDevice(disk, here);

  @Test
  void aDeviceOfTheSameLoopNeedsNoHop() {
    assertSame(disk, HopDevice.on(there, disk));
    assertSame(here, HopDevice.on(here, disk).loop());
  }

  @Test
  void aBurstCostsOneWakeUpEachWay() {
    disk.atOnce = true;
    List<Op> ops = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Op op = Op.read(512L * i, 512);
      ops.add(op);
      hop.submit(op);
    }
    assertEquals(1, there.executed);
    there.run();
    assertEquals(1, here.executed);
    assertFalse(ops.get(0).done());
    here.run();
    assertTrue(ops.stream().allMatch(Op::good));
  }

  @Test
  void requestsArriveInTheOrderTheyWereSent() {
    for (int i = 0; i < 5; i++) hop.submit(Op.read(512L * i, 512));
    there.run();
    for (int i = 0; i < 5; i++) assertEquals("READ " + 512 * i + "+512", disk.log.get(i));
  }

  @Test
  void errorsComeBackAndHopsAreUsedAgain() {
    for (int round = 0; round < 3; round++) {
      Op op = Op.read(0, 512);
      hop.submit(op);
      there.run();
      disk.failNext = IoError.EIO;
      disk.completeAll();
      here.run();
      assertEquals(IoError.EIO, op.result);
    }
  }

  @Test
  void closingWaitsForWhatIsBeyondThenClosesTheDisk() {
    Op op = new Op(BlockOp.FLUSH, 0, 0);
    hop.submit(op);
    boolean[] closed = new boolean[1];
    hop.close().thenRun(() -> closed[0] = true);
    there.run();
    assertEquals(0, disk.closes);
    disk.completeAll();
    here.run();
    here.run();
    assertTrue(op.good() && closed[0]);
    assertEquals(1, disk.closes);
    Op late = new Op(BlockOp.FLUSH, 0, 0);
    hop.submit(late);
    assertEquals(IoError.ESHUTDOWN, late.result);
  }

  @Test
  void statusHopsToo() {
    StringBuilder text = new StringBuilder();
    hop.status(0, 8192, new BlockDevice.StatusSink() {
      @Override
      public void range(long length, int flags) {
        text.append(length).append(' ');
      }

      @Override
      public void completed(int error) {
        text.append(error);
      }
    });
    there.run();
    assertEquals("", text.toString());
    here.run();
    assertEquals("4096 4096 0", text.toString());
  }

  @Test
  void aDeviceWhoseLoopHasEndedAnswersEnxio() {
    there.ended = true;
    Op op = Op.read(0, 512);
    hop.submit(op);
    assertEquals(IoError.ENXIO, op.result);
    there.ended = false;
    Op next = Op.read(0, 512);
    hop.submit(next);
    there.run();
    disk.completeAll();
    here.run();
    assertTrue(next.good());
  }
}
