package sluice.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Says that a directory belongs to this program, for as long as the program lives: the operating system lets go of the
 * lock when the process ends, however it ends, so there is no stale lock to clear. The file {@code lock} holds the
 * process id, for the message that the second program gives. Any thread.
 */
public final class DirectoryLock implements AutoCloseable {
  static final String FILE = "lock";

  /**
   * Directories locked by this process. A POSIX lock is lost when the process closes <em>any</em> descriptor of the
   * file, so a second attempt in one process must be turned away before it opens the file.
   */
  private static final Set<Path> HELD = new HashSet<>();

  private final Path dir;
  private final FileChannel channel;
  private boolean closed;

  private DirectoryLock(Path dir, FileChannel channel) {
    this.dir = dir;
    this.channel = channel;
  }

  /**
   * Makes the directory if it is not there, closes it to everybody but its owner (mode 0700), and locks it.
   *
   * @throws SluiceException CONFLICT if another program has it (the message names the process), IO if the directory
   *     cannot be made, written or locked
   */
  public static DirectoryLock acquire(Path directory) {
    try {
      Files.createDirectories(directory, owner("rwx------"));
      Path dir = directory.toRealPath();
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
      synchronized (HELD) {
        if (!HELD.add(dir)) throw taken(directory, Long.toString(ProcessHandle.current().pid()));
        boolean done = false;
        try {
          DirectoryLock lock = new DirectoryLock(dir, lock(directory, dir.resolve(FILE)));
          done = true;
          return lock;
        } finally {
          if (!done) HELD.remove(dir);
        }
      }
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "cannot use the directory " + directory, reason(e),
          "give a directory on a local file system that this user may write to", List.of(directory.toString()));
    }
  }

  private static FileChannel lock(Path directory, Path file) throws IOException {
    FileChannel channel = FileChannel.open(file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), owner("rw-------"));
    FileLock lock = null;
    try {
      lock = channel.tryLock();
      if (lock == null) throw taken(directory, read(channel));
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid), 0);
      return channel;
    } catch (OverlappingFileLockException e) {
      throw taken(directory, Long.toString(ProcessHandle.current().pid()));
    } finally {
      if (lock == null) channel.close();
    }
  }

  private static String read(FileChannel channel) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(32);
    channel.read(b, 0);
    String text = new String(b.array(), 0, b.position(), StandardCharsets.US_ASCII).trim();
    return text.matches("[0-9]{1,19}") ? text : "";
  }

  private static SluiceException taken(Path directory, String pid) {
    String who = pid.isEmpty() ? "another process" : "process " + pid;
    return new SluiceException(ErrorCode.CONFLICT, "already running in " + directory, who + " holds this directory",
        "stop it first, or give another directory", directory.toString());
  }

  private static FileAttribute<Set<PosixFilePermission>> owner(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  private static String reason(IOException e) {
    String text = e.getMessage() == null ? "" : ": " + e.getMessage();
    return e.getClass().getSimpleName().replace("Exception", "") + text;
  }

  /** The directory as it really is, without symbolic links. */
  public Path directory() {
    return dir;
  }

  /** Gives the directory up; a second call does nothing. The file stays: removing it would race with a newcomer. */
  @Override
  public void close() {
    synchronized (HELD) {
      if (closed) return;
      closed = true;
      try {
        channel.close();
      } catch (IOException e) {
        throw new SluiceException(e, ErrorCode.IO, "cannot unlock " + dir, reason(e), "", List.of(dir.toString()));
      } finally {
        HELD.remove(dir);
      }
    }
  }
}
