package sluice.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A way to a file by nbdkit, which can be made to fail. The file outlives the way. */
final class NbdkitDisk implements AutoCloseable {
  private final Path file;
  private final Path socket;
  private final Path errorFile;
  private final Path dir;
  private final List<String> filters;
  private final boolean cached;
  private Program program;

  NbdkitDisk(Path dir, String name, Path file, String... extra) {
    this(dir, name, file, false, extra);
  }

  /** @param cached what is written is in the file when it has been flushed, and is lost when it is killed before: power is cut */
  NbdkitDisk(Path dir, String name, Path file, boolean cached, String... extra) {
    this.cached = cached;
    this.dir = dir;
    this.file = file;
    socket = dir.resolve(name + ".nbdkit");
    errorFile = dir.resolve(name + ".fails");
    filters = List.of(extra);
    start();
  }

  String uri() {
    return "nbd+unix:///?socket=" + socket;
  }

  void start() {
    List<String> c = new ArrayList<>(List.of("nbdkit", "-f", "-U", socket.toString(), "--filter=error"));
    if (cached) c.add("--filter=cache");
    if (!filters.isEmpty()) c.add("--filter=delay");
    c.addAll(List.of("file", file.toString(), "error=EIO", "error-pread-rate=100%", "error-pwrite-rate=100%",
        "error-zero-rate=100%", "error-trim-rate=100%", "error-file=" + errorFile));
    c.addAll(filters);
    try {
      Files.deleteIfExists(socket);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    program = new Program("nbdkit", dir, Map.of(), c);
    Await.until("nbdkit listens", () -> Files.exists(socket));
  }

  /** As it was before any trouble. */
  void mend() {
    if (!program.alive()) start();
    goOn();
    try {
      Files.deleteIfExists(errorFile);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** From now on every read and write ends with EIO. */
  void fail() {
    try {
      Files.createFile(errorFile);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void recover() {
    try {
      Files.delete(errorFile);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void hang() {
    program.signal("STOP");
  }

  void goOn() {
    program.signal("CONT");
  }

  void kill() {
    program.kill();
  }

  @Override
  public void close() {
    program.close();
  }
}
