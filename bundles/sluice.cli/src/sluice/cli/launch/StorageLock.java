package sluice.cli.launch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * One framework a storage folder: a second one would take away the bundles that the first one runs. The composition
 * locks its own data as well, but not before its bundles are there.
 */
final class StorageLock implements AutoCloseable {
  private final FileChannel channel;

  private StorageLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Makes the folder if it is not there. The lock goes with the process, however that ends. */
  static StorageLock take(Path storage, String program) {
    try {
      Files.createDirectories(storage);
      FileChannel channel = FileChannel.open(storage.resolve("sluice.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) return new StorageLock(channel);
      channel.close();
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the folder " + storage + " cannot be locked", e.toString(), "name a folder on a local file system with --dir", List.of());
    }
    Path dir = storage.getParent();
    throw new SluiceException(ErrorCode.CONFLICT, ("agent".equals(program) ? "an " : "a ") + program + " is already running with the folder " + dir, "another process holds its bundles",
        "stop that one first, or give this one a folder of its own with --dir", dir.toString());
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The process is ending, and the lock with it.
    }
  }
}
