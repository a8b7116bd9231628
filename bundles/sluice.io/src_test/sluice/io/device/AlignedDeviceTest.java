package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.MemoryDisk;
import sluice.io.testing.Op;

class AlignedDeviceTest {
  private static final int A = 512;
  private final ManualLoop loop = new ManualLoop();
  private final MemoryDisk disk = new MemoryDisk(loop, 4 << 20, A);
  private final BlockDevice device = AlignedDevice.of(disk);

  private static byte[] filled(int length, int value) {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) value);
    return data;
  }

  @Test
  void aDeviceWithoutAlignmentIsLeftAsItIs() {
    MemoryDisk plain = new MemoryDisk(loop, 4096, 1);
    assertSame(plain, AlignedDevice.of(plain));
    assertEquals(1, device.traits().alignment());
  }

  @Test
  void alignedReadsGoThroughAsTheyAre() {
    Op read = Op.read(512, 1024);
    device.submit(read);
    assertSame(read, disk.pending.get(0));
  }

  @Test
  void alignedWritesUseTheRequestsOwnMemory() {
    Op write = Op.write(512, filled(512, 7));
    device.submit(write);
    assertSame(write.buffer, disk.pending.get(0).buffer);
    assertEquals(0, loop.buffersOut);
    disk.completeAll();
    assertTrue(write.good());
  }

  @Test
  void anUnalignedWriteKeepsItsNeighboursBytes() {
    disk.atOnce = true;
    Arrays.fill(disk.bytes, (byte) 1);
    Op write = Op.write(700, filled(1000, 2));
    device.submit(write);
    assertTrue(write.good());
    byte[] expected = filled(disk.bytes.length, 1);
    Arrays.fill(expected, 700, 1700, (byte) 2);
    assertArrayEquals(expected, disk.bytes);
    assertEquals(0, loop.buffersOut);
  }

  @Test
  void readsThatComeBackInOtherMemoryAreUsedAndGivenBack() {
    disk.atOnce = true;
    new Random(3).nextBytes(disk.bytes);
    for (int exchanges = 1; exchanges <= 3; exchanges++) {
      byte[] expected = disk.bytes.clone();
      disk.exchange = exchanges;
      Op write = Op.write(700, filled(5000, exchanges));
      device.submit(write);
      assertTrue(write.good());
      Arrays.fill(expected, 700, 5700, (byte) exchanges);
      assertArrayEquals(expected, disk.bytes);
      disk.exchange = exchanges;
      Op read = Op.read(300, 7001);
      device.submit(read);
      assertArrayEquals(Arrays.copyOfRange(expected, 300, 7301), read.data());
      assertEquals(0, loop.buffersOut);
    }
  }

  @Test
  void aWriteInsideOneBlockReadsItOnce() {
    disk.atOnce = true;
    device.submit(Op.write(10, filled(20, 2)));
    assertEquals(List.of("READ 0+512", "WRITE 0+512"), disk.log);
  }

  @Test
  void unalignedMemoryIsBounced() {
    disk.atOnce = true;
    Op write = Op.write(0, filled(1024, 3));
    write.bufferIndex += 1;
    write.length = 512;
    device.submit(write);
    assertEquals(List.of("WRITE 0+512"), disk.log);
    assertTrue(write.good());
  }

  @Test
  void fuaReachesTheDiskByEachWrite() {
    disk.atOnce = true;
    Op write = Op.write(10, filled(20, 2));
    write.flags = BlockRequest.FUA;
    device.submit(write);
    assertEquals(List.of("READ 0+512", "WRITE 0+512 FUA"), disk.log);
  }

  @Test
  void unalignedZeroesPatchTheEdgesAndZeroTheBlocksBetween() {
    disk.atOnce = true;
    Arrays.fill(disk.bytes, (byte) 1);
    Op zero = new Op(BlockOp.WRITE_ZEROES, 500, 2000);
    device.submit(zero);
    assertTrue(zero.good());
    byte[] expected = filled(disk.bytes.length, 1);
    Arrays.fill(expected, 500, 2500, (byte) 0);
    assertArrayEquals(expected, disk.bytes);
    assertTrue(disk.log.contains("WRITE_ZEROES 512+1536"), disk.log.toString());
  }

  @Test
  void anUnalignedTrimCoversWholeBlocksOnly() {
    disk.atOnce = true;
    device.submit(new Op(BlockOp.TRIM, 500, 2000));
    Op nothing = new Op(BlockOp.TRIM, 10, 100);
    device.submit(nothing);
    assertEquals(List.of("TRIM 512+1536"), disk.log);
    assertTrue(nothing.good());
  }

  @Test
  void anUnalignedWriteLargerThanTheWindowIsWhole() {
    disk.atOnce = true;
    byte[] data = new byte[(2 << 20) + 12_345];
    new Random(1).nextBytes(data);
    Op write = Op.write(777, data);
    device.submit(write);
    Op read = Op.read(777, data.length);
    device.submit(read);
    assertTrue(write.good() && read.good());
    assertArrayEquals(data, read.data());
  }

  @Test
  void aPatchWaitsForAnAlignedWriteUnderWayToItsBlock() {
    Op aligned = Op.write(0, filled(512, 1));
    Op patch = Op.write(100, filled(10, 2));
    device.submit(aligned);
    device.submit(patch);
    assertEquals(1, disk.pending.size());
    disk.completeAll();
    assertTrue(aligned.good() && patch.good());
    assertEquals(1, disk.bytes[99]);
    assertEquals(2, disk.bytes[100]);
    assertEquals(1, disk.bytes[110]);
  }

  @Test
  void anAlignedWriteWaitsForAPatchOfItsBlockAndOthersDoNot() {
    device.submit(Op.write(100, filled(10, 2)));
    Op same = Op.write(0, filled(512, 1));
    Op other = Op.write(512, filled(512, 3));
    device.submit(same);
    device.submit(other);
    assertEquals(List.of("READ 0+512", "WRITE 512+512"), disk.log);
    disk.completeAll();
    assertTrue(same.good() && other.good());
    assertEquals(1, disk.bytes[100]);
  }

  @Test
  void anErrorOfAnyStepEndsTheRequestAndFreesItsBlocks() {
    for (int step = 0; step < 3; step++) {
      Op write = Op.write(100, filled(1000, 2));
      device.submit(write);
      for (int i = 0; i < step; i++) disk.complete(0);
      disk.failNext = IoError.EIO;
      disk.complete(0);
      assertEquals(IoError.EIO, write.result);
      Op next = Op.write(100, filled(1000, 2));
      device.submit(next);
      disk.completeAll();
      assertTrue(next.good());
      assertEquals(0, loop.buffersOut);
    }
  }

  @Test
  void withoutMemoryTheRequestEndsWithEnomem() {
    loop.noMemory = true;
    Op write = Op.write(1, filled(3, 3));
    device.submit(write);
    assertEquals(IoError.ENOMEM, write.result);
    loop.noMemory = false;
    disk.atOnce = true;
    Op again = Op.write(1, filled(3, 3));
    device.submit(again);
    assertTrue(again.good());
  }

  @Test
  void closingWaitsForChangesThenClosesTheDisk() {
    Op patch = Op.write(100, filled(10, 2));
    device.submit(patch);
    boolean[] closed = new boolean[1];
    device.close().thenRun(() -> closed[0] = true);
    loop.run();
    Op late = Op.read(0, 1);
    device.submit(late);
    assertEquals(IoError.ESHUTDOWN, late.result);
    assertFalse(closed[0]);
    disk.completeAll();
    assertTrue(patch.good() && closed[0]);
    assertEquals(1, disk.closes);
  }

  @Test
  void statusAnswersForExactlyWhatWasAsked() {
    disk.bytes[5000] = 1;
    StringBuilder text = new StringBuilder();
    device.status(100, 9000, new StatusSink() {
      @Override
      public void range(long length, int flags) {
        text.append(length).append(flags == DATA ? "d " : "h ");
      }

      @Override
      public void completed(int error) {
        text.append(error);
      }
    });
    assertEquals("3996h 4096d 908h 0", text.toString());
  }

  /**
   * Overlapping writes may take effect in any order, so here those under way together never overlap by bytes, only
   * by blocks.
   */
  @Test
  void bytesWrittenTogetherIntoTheSameBlocksAllStayInWhateverOrderTheDiskWorks() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      byte[] model = disk.bytes.clone();
      List<Op> underWay = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        if (random.nextInt(2) == 0 && underWay.size() < 12) {
          Op op = randomChange(random);
          if (underWay.stream().anyMatch(o -> !o.done() && o.overlaps(op))) continue;
          apply(op, model);
          underWay.add(op);
          device.submit(op);
        } else if (!disk.pending.isEmpty()) {
          disk.complete(random.nextInt(disk.pending.size()));
        }
        underWay.removeIf(Op::done);
      }
      while (!disk.pending.isEmpty()) disk.complete(random.nextInt(disk.pending.size()));
      assertArrayEquals(model, disk.bytes, "seed " + seed);
    }
    assertEquals(0, loop.buffersOut);
  }

  private static Op randomChange(Random random) {
    long offset = random.nextInt(6000);
    int length = 1 + random.nextInt(1500);
    if (random.nextInt(3) == 0) {
      offset &= -A;
      length = (length + A - 1) & -A;
    }
    if (random.nextInt(4) == 0) return new Op(BlockOp.WRITE_ZEROES, offset, length);
    byte[] data = new byte[length];
    random.nextBytes(data);
    return Op.write(offset, data);
  }

  private static void apply(Op op, byte[] model) {
    if (op.op == BlockOp.WRITE) System.arraycopy(op.data(), 0, model, (int) op.offset, (int) op.length);
    else Arrays.fill(model, (int) op.offset, (int) op.end(), (byte) 0);
  }
}
