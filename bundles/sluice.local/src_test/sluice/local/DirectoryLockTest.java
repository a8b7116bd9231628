package sluice.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class DirectoryLockTest {
  @TempDir Path temp;

  /** Run in a process of its own: locks, says so, and ends when its input does. */
  static final class Holder {
    public static void main(String[] args) throws IOException {
      DirectoryLock lock = DirectoryLock.acquire(Path.of(args[0]));
      System.out.println("locked " + lock.directory());
      while (System.in.read() >= 0) continue;
    }
  }

  private static Process holder(Path dir) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = System.getProperty("java.class.path") + File.pathSeparator + ClassPath.of(DirectoryLock.class, Holder.class,
        SluiceException.class);
    Process p = new ProcessBuilder(java, "-Xshare:auto", "-cp", classes, Holder.class.getName(), dir.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = p.inputReader().readLine();
    assertTrue(said != null && said.startsWith("locked"), "the other process did not get the lock");
    return p;
  }

  @Test
  void theDirectoryIsMadeForItsOwnerOnlyAndNamesTheProcess() throws IOException {
    Path dir = temp.resolve("a/b");
    try (DirectoryLock lock = DirectoryLock.acquire(dir)) {
      assertEquals(dir.toRealPath(), lock.directory());
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("lock"))));
      assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(dir.resolve("lock")));
    }
  }

  @Test
  void aSecondProgramIsToldWhichProcessHasTheDirectory() throws Exception {
    Process other = holder(temp);
    try {
      SluiceException e = assertThrows(SluiceException.class, () -> DirectoryLock.acquire(temp));
      assertEquals(ErrorCode.CONFLICT, e.code());
      assertTrue(e.why().contains("process " + other.pid() + " "), e.why());
    } finally {
      other.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aKilledProgramLeavesNoLockBehind() throws Exception {
    Process other = holder(temp);
    assertTrue(other.destroyForcibly().waitFor(60, TimeUnit.SECONDS));
    DirectoryLock.acquire(temp).close();
  }

  @Test
  void aRefusedAttemptOfTheSameProcessDoesNotLoseTheLockToAnother() throws Exception {
    try (DirectoryLock first = DirectoryLock.acquire(temp)) {
      Path link = Files.createSymbolicLink(temp.resolveSibling(temp.getFileName() + "-link"), temp);
      assertThrows(SluiceException.class, () -> DirectoryLock.acquire(temp));
      assertThrows(SluiceException.class, () -> DirectoryLock.acquire(link));
      Files.delete(link);
      assertThrows(AssertionError.class, () -> holder(first.directory()));
    }
  }

  @Test
  void afterClosingTwiceItCanBeTakenAgain() {
    DirectoryLock lock = DirectoryLock.acquire(temp);
    lock.close();
    lock.close();
    try (DirectoryLock again = DirectoryLock.acquire(temp)) {
      lock.close();
      assertThrows(SluiceException.class, () -> DirectoryLock.acquire(temp));
    }
  }

  @Test
  void aDirectoryThatCannotBeMadeIsSaid() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    SluiceException e = assertThrows(SluiceException.class, () -> DirectoryLock.acquire(file.resolve("dir")));
    assertEquals(ErrorCode.IO, e.code());
    assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
  }
}
