package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.io.IoLoops;
import sluice.io.LoopKind;
import sluice.io.NettyLoop;
import sluice.io.disk.FileDiskOpener;
import sluice.io.testing.Driver;
import sluice.io.testing.Folder;

/**
 * The whole stack on real files: any byte range of a striped volume, many requests at a time, against an array of
 * bytes.
 */
class VolumeOnDisksTest {
  private static final int MIB = 1 << 20;
  private static final int SIZE = 12 * MIB;

  @Test
  void anyRangesOfAStripedVolumeAreWhatWasWrittenByTheRing() throws Exception {
    anyRangesAreWhatWasWritten(LoopKind.IO_URING);
  }

  @Test
  void anyRangesOfAStripedVolumeAreWhatWasWrittenByThreads() throws Exception {
    anyRangesAreWhatWasWritten(LoopKind.EPOLL);
  }

  private static void anyRangesAreWhatWasWritten(LoopKind kind) throws Exception {
    FileDiskOpener opener = new FileDiskOpener();
    try (Folder folder = new Folder(); opener; IoLoops loops = IoLoops.start("volume", 1, kind)) {
      NettyLoop loop = loops.next();
      BlockDevice[] disks = new BlockDevice[3];
      List<Extent> columns = new ArrayList<>();
      for (int i = 0; i < disks.length; i++) {
        DiskUri uri = new DiskUri("file:" + folder.file("d" + i, 8 * MIB));
        disks[i] = opener.open(uri, loop, false).toCompletableFuture().get(60, TimeUnit.SECONDS);
        columns.add(new Extent("d" + i, MIB, 4 * MIB));
      }
      VolumeLayout layout = new VolumeLayout(1, SIZE, List.of(new Segment(0, SIZE, 64 << 10, List.of(columns))));
      Driver volume = new Driver(AlignedDevice.of(new LayoutDevice(loop, layout, disks)));
      stress(volume, new Random(11));
      volume.close();
      for (BlockDevice disk : disks) disk.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aDiskOfAnotherLoopIsReachedByHops() throws Exception {
    FileDiskOpener opener = new FileDiskOpener();
    try (Folder folder = new Folder(); opener; IoLoops loops = IoLoops.start("hops", 2)) {
      DiskUri uri = new DiskUri("file:" + folder.file("d", SIZE));
      BlockDevice disk = opener.open(uri, loops.next(), false).toCompletableFuture().get(60, TimeUnit.SECONDS);
      Driver hopped = new Driver(AlignedDevice.of(HopDevice.on(loops.next(), disk)));
      stress(hopped, new Random(12));
      hopped.close();
    }
  }

  private static void stress(Driver volume, Random random) throws Exception {
    byte[] model = new byte[SIZE];
    for (int round = 0; round < 60; round++) {
      List<Driver.Sent> batch = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        // Each request of a batch has a part of the volume to itself, but shares blocks with its neighbours.
        int part = SIZE / 24;
        int offset = i * part + random.nextInt(part / 2) - (i > 0 ? i % 7 : 0);
        int length = 1 + random.nextInt(Math.min(part / 2 - 10, round % 3 == 0 ? 300_000 : 9000));
        if (round % 2 == 0) {
          offset &= -4096;
          length = Math.max(4096, length & -4096);
        }
        batch.add(change(volume, random, model, offset, length));
      }
      for (Driver.Sent s : batch) assertEquals(IoError.OK, s.error());
      if (round % 10 == 0) assertEquals(IoError.OK, volume.run(BlockOp.FLUSH));
      int at = random.nextInt(SIZE - 100_000);
      int length = 1 + random.nextInt(100_000);
      assertArrayEquals(Arrays.copyOfRange(model, at, at + length), volume.read(at, length));
    }
    assertArrayEquals(model, volume.read(0, SIZE));
  }

  private static Driver.Sent change(Driver volume, Random random, byte[] model, int offset, int length) {
    if (random.nextInt(6) == 0) {
      Arrays.fill(model, offset, offset + length, (byte) 0);
      return volume.send(BlockOp.WRITE_ZEROES, 0, offset, length);
    }
    byte[] data = new byte[length];
    random.nextBytes(data);
    System.arraycopy(data, 0, model, offset, length);
    return volume.sendWrite(offset, data, 0);
  }
}
