package sluice.server.disks;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class FileUseTest {
  @TempDir
  Path dir;
  private Path file;
  private FileUse use;

  @BeforeEach
  void aFile() throws IOException {
    file = Files.writeString(dir.resolve("d1.img"), "x");
    use = new FileUse(dir.resolve("sys"), Path.of("/proc"));
  }

  private static DiskUri uri(Path path) {
    return new DiskUri("file:" + path);
  }

  @Test
  void aFileBehindALoopDeviceIsInUseByWhateverNameItIsCalled() throws IOException {
    assertDoesNotThrow(() -> use.check(uri(file)));
    Files.writeString(Files.createDirectories(dir.resolve("sys/loop7/loop")).resolve("backing_file"), file + "\n");
    Path other = Files.createSymbolicLink(dir.resolve("other.img"), file);
    for (Path name : List.of(file, other)) {
      SluiceException e = assertThrows(SluiceException.class, () -> use.check(uri(name)));
      assertEquals(ErrorCode.CONFLICT, e.code());
      assertTrue(e.why().contains("/dev/loop7"), e.getMessage());
    }
  }

  @Test
  void twoNamesOfOneFileAreOneDisk() throws IOException {
    Path hard = Files.createLink(dir.resolve("hard.img"), file);
    Path soft = Files.createSymbolicLink(dir.resolve("soft.img"), file);
    assertThrows(SluiceException.class, () -> use.checkDistinct(List.of(uri(file), uri(hard))));
    assertThrows(SluiceException.class, () -> use.checkDistinct(List.of(uri(soft), uri(hard))));
  }

  @Test
  void differentFilesAndFilesThatAreNotThereAreDifferentDisks() throws IOException {
    Path second = Files.writeString(dir.resolve("d2.img"), "x");
    use.checkDistinct(List.of(uri(file), uri(second), uri(dir.resolve("a")), uri(dir.resolve("b")), new DiskUri("nbd://h/x"), new DiskUri("nbd://h/y")));
  }

  @Test
  void aFileThatAnotherProcessHasOpenIsInUseUntilItIsClosed() throws Exception {
    Path other = Files.createSymbolicLink(dir.resolve("other.img"), file);
    use.checkNotOpen(uri(file));
    try (FileChannel own = FileChannel.open(file, StandardOpenOption.READ)) {
      use.checkNotOpen(uri(file));
    }
    Process holder = new ProcessBuilder("sh", "-c", "exec 3<\"$0\"; echo open; cat", file.toString()).start();
    holder.inputReader().readLine();
    SluiceException e = assertThrows(SluiceException.class, () -> use.checkNotOpen(uri(other)));
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.why().contains("(sh)") || e.why().contains("(cat)"), e.getMessage());
    holder.getOutputStream().close();
    holder.waitFor();
    use.checkNotOpen(uri(other));
  }
}
