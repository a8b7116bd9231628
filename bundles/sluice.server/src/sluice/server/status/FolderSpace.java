package sluice.server.status;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import sluice.api.ByteSize;

/**
 * How much room there is on the file system of the server's folder. Without any the catalog's log cannot grow, and from
 * then on nothing can be changed: it is said before that.
 *
 * @param dir the folder
 * @param freeBytes that the server's user may still write; negative if they cannot be told
 * @param totalBytes of the file system
 */
public record FolderSpace(Path dir, long freeBytes, long totalBytes) {
  /** A catalog's log segment, a snapshot and a log file that is rolled over fit several times. */
  static final long LEAST_BYTES = 256L << 20;
  static final int LEAST_PERCENT = 5;
  /** So much is enough for any server, whatever part of a large disk it is. */
  static final long ENOUGH_BYTES = 2L << 30;

  /** Asks the file system, which may take as long as that does. */
  public static FolderSpace of(Path dir) {
    try {
      FileStore store = Files.getFileStore(dir);
      return new FolderSpace(dir, store.getUsableSpace(), store.getTotalSpace());
    } catch (IOException e) {
      org.slf4j.LoggerFactory.getLogger(FolderSpace.class).warn("the space of {} cannot be told: {}", dir, e.toString());
      return unknown(dir);
    }
  }

  /** Not asked yet. */
  public static FolderSpace unknown(Path dir) {
    return new FolderSpace(dir, -1, 0);
  }

  /** Whether somebody should make room. */
  public boolean low() {
    if (freeBytes < 0) return false;
    return freeBytes < LEAST_BYTES || freeBytes < ENOUGH_BYTES && freeBytes < totalBytes / 100 * LEAST_PERCENT;
  }

  /** For people. */
  public String text() {
    return freeBytes < 0 ? "not known" : rounded(freeBytes) + " of " + rounded(totalBytes) + " free in " + dir;
  }

  /** Whole units, so that an alert does not say something else with every write. */
  private static ByteSize rounded(long bytes) {
    long unit = bytes >= 10L << 30 ? 1L << 30 : 1L << 20;
    return new ByteSize(bytes < unit ? bytes : bytes / unit * unit);
  }
}
