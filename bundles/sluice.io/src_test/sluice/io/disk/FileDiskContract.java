package sluice.io.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.io.LoopKind;

/** What disks in files have to do besides. */
abstract class FileDiskContract extends BlockDeviceContract {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private final LoopKind kind;
  private final String query;
  Path path;

  FileDiskContract(LoopKind kind, String query) {
    this.kind = kind;
    this.query = query;
  }

  @Override
  LoopKind kind() {
    return kind;
  }

  @Override
  BlockDevice open(boolean readOnly) throws Exception {
    path = folder.file("disk" + NAMES.incrementAndGet(), SIZE);
    return get(opener.open(new DiskUri("file:" + path + query), loop, readOnly));
  }

  @Test
  void holesAreToldFromData() throws Exception {
    disk.write(1 << 20, random(1 << 20, 1));
    disk.run(BlockOp.FLUSH);
    assertEquals((1 << 20) + "h " + (1 << 20) + "d " + (SIZE - (2 << 20)) + "h 0", disk.status(0, SIZE));
    assertEquals("4096d 0", disk.status((1 << 20) + 4096, 4096));
  }

  @Test
  void anAnswerAboutManyRangesIsAPrefix() throws Exception {
    for (int i = 0; i < 1200; i++) disk.write(i * 16384L, random(4096, i));
    disk.run(BlockOp.FLUSH);
    String[] ranges = disk.status(0, SIZE).split(" ");
    assertEquals(HoleMap.MAX_RANGES + 1, ranges.length);
    assertEquals("0", ranges[ranges.length - 1]);
  }

  @Test
  void readingWhatWasCutOffTheFileIsAnErrorAndNoHang() throws Exception {
    try (RandomAccessFile f = new RandomAccessFile(path.toFile(), "rw")) {
      f.setLength(1 << 20);
    }
    assertEquals(IoError.EIO, disk.sendRead(2 << 20, 4096).error());
    assertEquals(IoError.EIO, disk.sendRead((1 << 20) - 4096, 8192).error());
    assertEquals(IoError.OK, disk.sendRead(0, 4096).error());
  }

  @Test
  void trimGivesSpaceBackWhereItSaysItDoes() throws Exception {
    disk.write(0, random(8 << 20, 1));
    disk.run(BlockOp.FLUSH);
    disk.run(BlockOp.TRIM, 0, 0, 8 << 20);
    if (disk.device.traits().trim()) assertTrue(disk.status(0, 8 << 20).startsWith((8 << 20) + "h"));
    else assertTrue(disk.status(0, 8 << 20).startsWith((8 << 20) + "d"));
  }

  @Test
  void theDescriptorIsClosedWithTheDisk() throws Exception {
    assertTrue(isOpen(path));
    disk.status(0, SIZE);
    disk.close();
    get(java.util.concurrent.CompletableFuture.runAsync(() -> {
      while (isOpen(path)) Thread.onSpinWait();
    }));
    assertFalse(isOpen(path));
  }

  private static boolean isOpen(Path path) {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.anyMatch(fd -> {
        try {
          return Files.readSymbolicLink(fd).equals(path);
        } catch (java.io.IOException e) {
          return false;
        }
      });
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
