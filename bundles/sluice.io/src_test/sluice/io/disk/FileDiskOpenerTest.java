package sluice.io.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.io.IoLoops;
import sluice.io.testing.Folder;

class FileDiskOpenerTest {
  private final FileDiskOpener opener = new FileDiskOpener();
  private Folder folder;
  private IoLoops loops;

  @BeforeEach
  void start() throws Exception {
    folder = new Folder();
    loops = IoLoops.start("opener", 1);
  }

  @AfterEach
  void stop() throws Exception {
    loops.close();
    opener.close();
    folder.close();
  }

  private SluiceException refused(String uri) {
    ExecutionException e = assertThrows(ExecutionException.class,
        () -> opener.open(new DiskUri(uri), loops.next(), false).toCompletableFuture().get(60, TimeUnit.SECONDS));
    SluiceException problem = (SluiceException) e.getCause();
    assertFalse(problem.correction().isEmpty(), "no correction: " + problem);
    assertTrue(problem.what().contains(uri), problem.what());
    return problem;
  }

  private void refused(String uri, ErrorCode code, String why) {
    SluiceException problem = refused(uri);
    assertEquals(code, problem.code(), problem.toString());
    assertTrue(problem.why().contains(why), problem.why());
  }

  @Test
  void servesFilesAndDevicesOnly() {
    assertTrue(opener.serves(new DiskUri("file:/a")));
    assertTrue(opener.serves(new DiskUri("dev:/dev/sda")));
    assertFalse(opener.serves(new DiskUri("nbd://h/e")));
  }

  @Test
  void whatCannotBeADiskIsRefusedWithTheReason() throws Exception {
    Path here = folder.path();
    folder.file("empty", 0);
    folder.file("odd", 4097);
    Path good = folder.file("good", 1 << 20);
    refused("file:" + here + "/missing", ErrorCode.NOT_FOUND, "no such file");
    refused("file:" + here, ErrorCode.INVALID_ARGUMENT, "directory");
    refused("file:" + here + "/empty", ErrorCode.INVALID_ARGUMENT, "empty");
    refused("file:" + here + "/odd", ErrorCode.INVALID_ARGUMENT, "not a multiple of 4096");
    assertFalse(refused("file:" + here + "/odd").correction().contains("truncate"), "it may be a file that somebody wants");
    folder.file("large", (20 << 20) + 1);
    assertTrue(refused("file:" + here + "/large").correction().contains("a multiple of 4 KiB"));
    refused("file:/dev/null", ErrorCode.INVALID_ARGUMENT, "not a regular file");
    refused("dev:" + good, ErrorCode.INVALID_ARGUMENT, "not a block device");
    refused("dev:/dev/missing-disk", ErrorCode.NOT_FOUND, "no such device");
    refused("file:" + good + "?cache=maybe", ErrorCode.INVALID_ARGUMENT, "'maybe'");
  }

  @Test
  void aFileThatTheKernelMakesUpIsNoDisk() {
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused("file:/proc/uptime").code());
  }

  @Test
  void whatTheSystemSaysOnOpeningIsTranslated() {
    DiskUri uri = new DiskUri("file:/x");
    assertEquals(ErrorCode.FORBIDDEN, DiskProblem.open(uri, Errno.EACCES, false, true).code());
    assertEquals(ErrorCode.FORBIDDEN, DiskProblem.open(uri, 30, false, true).code());
    assertEquals(ErrorCode.NOT_FOUND, DiskProblem.open(uri, Errno.ENOENT, false, true).code());
    assertTrue(DiskProblem.open(uri, 22, false, true).correction().contains("cache=on"));
    assertEquals(ErrorCode.IO, DiskProblem.open(uri, 22, false, false).code());
    assertEquals(ErrorCode.CONFLICT, DiskProblem.open(uri, Errno.EBUSY, false, true).code());
    assertEquals(ErrorCode.IO, DiskProblem.open(uri, 24, false, true).code());
  }

  @Test
  void aLoopThatHasEndedOpensNothing() throws Exception {
    Path good = folder.file("good", 1 << 20);
    loops.close();
    ExecutionException e = assertThrows(ExecutionException.class,
        () -> opener.open(new DiskUri("file:" + good), loops.next(), false).toCompletableFuture()
            .get(60, TimeUnit.SECONDS));
    assertEquals(ErrorCode.UNAVAILABLE, ((SluiceException) e.getCause()).code());
  }

  @Test
  void usesOfADeviceAreFoundInProcAndSys() throws Exception {
    Path sys = Files.createDirectories(folder.path().resolve("sdq"));
    Path proc = Files.createDirectories(folder.path().resolve("proc/self")).getParent();
    Files.writeString(sys.resolve("dev"), "8:64\n");
    assertEquals("", InUse.of(sys, proc));
    Files.writeString(proc.resolve("swaps"), "Filename Type\n/dev/sdq partition 1 0 -2\n");
    assertEquals("used for swapping", InUse.of(sys, proc));
    Files.writeString(proc.resolve("swaps"), "Filename Type\n");
    Path part = Files.createDirectories(sys.resolve("sdq1"));
    Files.writeString(part.resolve("partition"), "1\n");
    Files.writeString(part.resolve("dev"), "8:65\n");
    Files.writeString(proc.resolve("self/mountinfo"), "36 35 8:65 / /srv/my\\040data rw - ext4 /dev/sdq1 rw\n");
    assertEquals("its partition sdq1 is mounted on /srv/my data", InUse.of(sys, proc));
    Files.createDirectories(sys.resolve("holders/dm-0"));
    assertEquals("part of dm-0", InUse.of(sys, proc));
  }

  @Test
  void deviceNumbersAreTakenApartAsTheLibraryDoes() {
    assertEquals(259, SysBlock.major(0x10304L));
    assertEquals(4, SysBlock.minor(0x10304L));
    assertEquals(8, SysBlock.major(0x100800L + 0x10));
    assertEquals(0x110, SysBlock.minor(0x100800L + 0x10));
  }
}
