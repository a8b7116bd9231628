package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.MemoryDisk;
import sluice.io.testing.Op;

class SliceDeviceTest {
  private final ManualLoop loop = new ManualLoop();
  private final MemoryDisk disk = new MemoryDisk(loop, 1 << 20, 512);
  private final SliceDevice slice = new SliceDevice(disk, 4096, 8192);

  @Test
  void offsetsAreThoseOfTheWindow() {
    disk.atOnce = true;
    Op write = Op.write(512, new byte[] {1, 2, 3});
    write.length = 512;
    write.buffer = new sluice.io.testing.TestBuffer(512, () -> {});
    write.buffer.bytes().put(write.bufferIndex, (byte) 42);
    slice.submit(write);
    assertTrue(write.good());
    assertEquals(42, disk.bytes[4096 + 512]);
    slice.submit(new Op(BlockOp.FLUSH, 0, 0));
    assertEquals(List.of("WRITE 4608+512", "FLUSH 4096+0"), disk.log);
  }

  @Test
  void nothingOutsideTheWindowCanBeReached() {
    Op past = Op.read(8192 - 512, 1024);
    slice.submit(past);
    assertEquals(IoError.EINVAL, past.result);
    assertThrows(IllegalArgumentException.class, () -> new SliceDevice(disk, 1 << 20, 512));
    assertThrows(IllegalArgumentException.class, () -> new SliceDevice(disk, 100, 512));
    assertTrue(disk.log.isEmpty());
  }

  @Test
  void closingAWindowLeavesTheDiskToOthers() {
    slice.close();
    Op late = Op.read(0, 512);
    slice.submit(late);
    assertEquals(IoError.ESHUTDOWN, late.result);
    assertEquals(0, disk.closes);
  }
}
