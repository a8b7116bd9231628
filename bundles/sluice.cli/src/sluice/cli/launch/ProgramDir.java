package sluice.cli.launch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** The folder that a server or an agent keeps everything in; it holds keys, so it is its owner's alone. */
final class ProgramDir {
  /** Bytes that must be free at the first start: a server unpacks 15 MiB of bundles, and its log needs room to grow. */
  private static final long LEAST_FREE = 32 << 20;

  private ProgramDir() {}

  /** Makes the folder if it is not there; fails if it is no folder, cannot be written, or its disk is full. */
  static void prepare(Path dir) {
    try {
      if (Files.exists(dir) && !Files.isDirectory(dir)) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + dir + "' cannot be the program's folder",
            "it is a file", "name a folder with --dir; it is made if it is not there", dir.toString());
      }
      Files.createDirectories(dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path trial = Files.createTempFile(dir, ".trial", "");
      Files.delete(trial);
      long free = Files.getFileStore(dir).getUsableSpace();
      if (free < LEAST_FREE && Files.notExists(dir.resolve("osgi"))) {
        throw new SluiceException(ErrorCode.IO, "the folder " + dir + " cannot be used",
            "its disk is full: " + new ByteSize(free) + " are left, and " + new ByteSize(LEAST_FREE) + " are needed",
            "make room on that disk, or name a folder on another with --dir", dir.toString());
      }
    } catch (AccessDeniedException e) {
      throw unusable(e, ErrorCode.FORBIDDEN, dir, "user " + System.getProperty("user.name") + " has no right to write in "
          + (Files.exists(dir) ? dir : nearest(dir)), "run as the folder's owner, change its owner with chown, or name another with --dir");
    } catch (IOException e) {
      // A file system's exceptions name the file they met, and often nothing else.
      Path there = nearest(dir);
      boolean bare = e instanceof FileSystemException f && f.getReason() == null;
      String why = bare || e.getMessage() == null ? "nothing can be made in " + there : e.getMessage();
      throw unusable(e, ErrorCode.IO, dir, why, "name a folder that can be written with --dir");
    }
  }

  private static Path nearest(Path dir) {
    Path p = dir;
    while (p != null && !Files.exists(p)) p = p.getParent();
    return p;
  }

  private static SluiceException unusable(IOException e, ErrorCode code, Path dir, String why, String correction) {
    return new SluiceException(e, code, "the folder " + dir + " cannot be used", why, correction, List.of(dir.toString()));
  }
}
