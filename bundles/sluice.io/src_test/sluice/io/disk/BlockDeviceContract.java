package sluice.io.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.io.IoLoops;
import sluice.io.LoopKind;
import sluice.io.NettyLoop;
import sluice.io.testing.Driver;
import sluice.io.testing.Folder;

/** What every disk has to do, whatever it is and however it is driven. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BlockDeviceContract {
  static final int SIZE = 64 << 20;

  final Folder folder = folder();
  final FileDiskOpener opener = new FileDiskOpener();
  IoLoops loops;
  NettyLoop loop;
  Driver disk;

  private static Folder folder() {
    try {
      return new Folder();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  abstract LoopKind kind();

  /** A disk of {@link #SIZE} bytes of zeroes. */
  abstract BlockDevice open(boolean readOnly) throws Exception;

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @BeforeAll
  void startLoops() {
    loops = IoLoops.start("contract", 1, kind());
    loop = loops.next();
  }

  @AfterAll
  void stopLoops() throws Exception {
    loops.close();
    opener.close();
    folder.close();
  }

  @BeforeEach
  void openDisk() throws Exception {
    disk = new Driver(open(false));
  }

  @AfterEach
  void closeDisk() throws Exception {
    disk.close();
    int[] out = new int[1];
    java.util.concurrent.CompletableFuture<Void> asked = new java.util.concurrent.CompletableFuture<>();
    loop.execute(() -> {
      out[0] = loop.buffers().outstanding();
      asked.complete(null);
    });
    get(asked);
    assertEquals(0, out[0], "buffers that did not come back");
  }

  static byte[] random(int length, long seed) {
    byte[] data = new byte[length];
    new Random(seed).nextBytes(data);
    return data;
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    byte[] data = random(128 << 10, 1);
    assertEquals(IoError.OK, disk.write(8192, data));
    assertEquals(IoError.OK, disk.run(BlockOp.FLUSH));
    assertArrayEquals(data, disk.read(8192, data.length));
    assertArrayEquals(new byte[8192], disk.read(0, 8192));
  }

  @Test
  void theLargestTransferIsDoneWhole() throws Exception {
    byte[] data = random(BlockDevice.MAX_TRANSFER, 2);
    assertEquals(IoError.OK, disk.write(4096, data));
    assertArrayEquals(data, disk.read(4096, data.length));
  }

  @Test
  void aTransferAboveTheLargestIsRefused() throws Exception {
    assertEquals(IoError.EINVAL, disk.run(BlockOp.READ, 0, 0, BlockDevice.MAX_TRANSFER + 4096));
    assertEquals(IoError.EINVAL, disk.run(BlockOp.WRITE, 0, 0, BlockDevice.MAX_TRANSFER + 4096));
  }

  @Test
  void fuaWritesAndZeroesAreDone() throws Exception {
    byte[] data = random(64 << 10, 3);
    assertEquals(IoError.OK, disk.sendWrite(0, data, BlockRequest.FUA).error());
    assertEquals(IoError.OK, disk.run(BlockOp.WRITE_ZEROES, BlockRequest.FUA, 4096, 8192));
    assertEquals(IoError.OK, disk.run(BlockOp.WRITE_ZEROES, BlockRequest.FUA | BlockRequest.NO_HOLE, 16384, 4096));
    assertEquals(IoError.OK, disk.run(BlockOp.TRIM, BlockRequest.FUA, 32768, 4096));
    java.util.Arrays.fill(data, 4096, 12288, (byte) 0);
    java.util.Arrays.fill(data, 16384, 20480, (byte) 0);
    assertArrayEquals(java.util.Arrays.copyOf(data, 32768), disk.read(0, 32768));
  }

  @Test
  void zeroesAndTrimMayBeAsLongAsTheDisk() throws Exception {
    disk.write(SIZE - 4096, random(4096, 4));
    assertEquals(IoError.OK, disk.run(BlockOp.TRIM, 0, 0, SIZE));
    assertEquals(IoError.OK, disk.run(BlockOp.WRITE_ZEROES, 0, 0, SIZE));
    assertArrayEquals(new byte[4096], disk.read(SIZE - 4096, 4096));
    assertEquals(IoError.OK, disk.run(BlockOp.WRITE_ZEROES, BlockRequest.NO_HOLE, 0, SIZE));
    assertArrayEquals(new byte[4096], disk.read(0, 4096));
  }

  @Test
  void cacheIsAHintThatDoesNoHarm() throws Exception {
    assertEquals(IoError.OK, disk.run(BlockOp.CACHE, 0, 0, SIZE));
  }

  @Test
  void rangesPastTheEndAreRefusedAndHaveNoEffect() throws Exception {
    assertEquals(IoError.EINVAL, disk.run(BlockOp.READ, 0, SIZE, 4096));
    assertEquals(IoError.EINVAL, disk.run(BlockOp.READ, 0, SIZE - 4096, 8192));
    assertEquals(IoError.ENOSPC, disk.write(SIZE - 4096, random(8192, 5)));
    assertEquals(IoError.ENOSPC, disk.run(BlockOp.WRITE_ZEROES, 0, SIZE - 4096, 8192));
    assertEquals(IoError.EINVAL, disk.run(BlockOp.TRIM, 0, SIZE - 4096, 8192));
    assertEquals(IoError.EINVAL, disk.run(BlockOp.READ, 0, Long.MAX_VALUE - 4095, 4096));
    assertEquals(IoError.EINVAL, disk.run(BlockOp.READ, 0, -4096, 4096));
    assertArrayEquals(new byte[4096], disk.read(SIZE - 4096, 4096));
  }

  @Test
  void whatIsNotAlignedIsRefusedByADiskThatWantsIt() throws Exception {
    int expected = disk.device.traits().alignment() == 1 ? IoError.OK : IoError.EINVAL;
    assertEquals(expected, disk.run(BlockOp.READ, 0, 1, 4096));
    assertEquals(expected, disk.write(0, random(100, 6)));
    assertEquals(expected, disk.sendWriteFromOddMemory(0, random(4096, 6)).error());
  }

  @Test
  void nothingToDoIsDone() throws Exception {
    assertEquals(IoError.OK, disk.run(BlockOp.READ, 0, 0, 0));
    assertEquals(IoError.OK, disk.run(BlockOp.TRIM, 0, SIZE, 0));
  }

  @Test
  void manyMoreRequestsThanAreTakenAtATimeAllComplete() throws Exception {
    List<Driver.Sent> sent = new ArrayList<>();
    for (int i = 0; i < 6000; i++) sent.add(disk.sendRead(4096L * (i % 1000), 4096));
    for (Driver.Sent s : sent) assertEquals(IoError.OK, s.error());
  }

  @Test
  void writesUnderWayTogetherAllArrive() throws Exception {
    List<Driver.Sent> sent = new ArrayList<>();
    for (int i = 0; i < 512; i++) sent.add(disk.sendWrite(4096L * i, random(4096, i), 0));
    for (Driver.Sent s : sent) assertEquals(IoError.OK, s.error());
    for (int i = 0; i < 512; i++) assertArrayEquals(random(4096, i), disk.read(4096L * i, 4096));
  }

  @Test
  void closingFinishesWhatIsUnderWayAndRefusesTheRest() throws Exception {
    List<Driver.Sent> sent = new ArrayList<>();
    for (int i = 0; i < 100; i++) sent.add(disk.sendWrite(4096L * i, random(4096, i), 0));
    disk.close();
    for (Driver.Sent s : sent) assertEquals(IoError.OK, s.error());
    assertEquals(IoError.ESHUTDOWN, disk.sendRead(0, 4096).error());
    disk.close();
  }

  @Test
  void aReadOnlyDiskRefusesChanges() throws Exception {
    Driver readOnly = new Driver(open(true));
    try {
      assertTrue(readOnly.device.traits().readOnly());
      assertEquals(IoError.EROFS, readOnly.write(0, random(4096, 7)));
      assertEquals(IoError.EROFS, readOnly.run(BlockOp.TRIM, 0, 0, 4096));
      assertEquals(IoError.EROFS, readOnly.run(BlockOp.WRITE_ZEROES, 0, 0, 4096));
      assertEquals(IoError.OK, readOnly.run(BlockOp.FLUSH));
      assertArrayEquals(new byte[4096], readOnly.read(SIZE - 4096, 4096));
    } finally {
      readOnly.close();
    }
  }

  @Test
  void statusCoversAPrefixOfWhatWasAsked() throws Exception {
    String status = disk.status(0, SIZE);
    assertTrue(status.endsWith(" 0"), status);
    assertEquals("" + IoError.EINVAL, disk.status(0, SIZE + 1L));
  }
}
