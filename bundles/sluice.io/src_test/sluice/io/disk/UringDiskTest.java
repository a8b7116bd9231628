package sluice.io.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.block.IoError;
import sluice.io.IoLoops;
import sluice.io.LoopKind;
import sluice.io.testing.Driver;

class UringDiskTest extends FileDiskContract {
  UringDiskTest() {
    super(LoopKind.IO_URING, "");
  }

  @Test
  void aLoopThatEndsLetsWhatTheKernelHasFinish() throws Exception {
    Path file = folder.file("ending", SIZE);
    List<Driver.Sent> sent = new ArrayList<>();
    try (IoLoops ending = IoLoops.start("ending", 1, LoopKind.IO_URING)) {
      Driver left = new Driver(get(opener.open(new DiskUri("file:" + file), ending.next(), false)));
      for (int i = 0; i < 64; i++) sent.add(left.sendWrite(i * 65536L, random(65536, i), 0));
    }
    for (Driver.Sent s : sent) assertEquals(IoError.OK, s.error());
    assertArrayEquals(random(65536, 63), Arrays.copyOfRange(Files.readAllBytes(file), 63 * 65536, 64 * 65536));
  }
}
