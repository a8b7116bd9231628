package sluice.net.pki;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Small files that only their owner may read and that are either the old or the new content after a power loss.
 *
 * <p>All methods block and may be called from any thread. Failures are {@link SluiceException}s that name the file.
 */
public final class PrivateFiles {
  private PrivateFiles() {}

  /** Makes the folder, and those above it that are missing, for the owner alone (0700). */
  public static void createDirectories(Path dir) {
    try {
      if (Files.isDirectory(dir)) return;
      Files.createDirectories(
          dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw failure("cannot make the folder " + dir, e, dir);
    }
  }

  /** Writes beside the file (0600), syncs, renames over it, and syncs the folder: atomic and durable on return. */
  public static void write(Path file, byte[] content) {
    Path dir = file.toAbsolutePath().getParent();
    Path temporary = dir.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              temporary,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) out.write(rest);
        out.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(dir);
    } catch (IOException e) {
      deleteQuietly(temporary);
      throw failure("cannot write " + file, e, file);
    }
  }

  /** Reads a file of at most `limit` bytes; a larger one is refused, for it cannot be what it should. */
  public static byte[] read(Path file, int limit) {
    try {
      if (Files.size(file) > limit) {
        throw new SluiceException(
            ErrorCode.CORRUPT, file + " is not what it should be", "it is larger than " + limit + " bytes",
            "put the right file back from a backup", file.toString());
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw failure("cannot read " + file, e, file);
    }
  }

  /** Makes a rename or a new file in the folder durable. */
  public static void syncDirectory(Path dir) {
    try (FileChannel channel = FileChannel.open(dir, Set.of(StandardOpenOption.READ))) {
      channel.force(true);
    } catch (IOException e) {
      throw failure("cannot make changes in " + dir + " durable", e, dir);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The write's own failure is what the caller hears; a left-over ".new" file is never read.
    }
  }

  /** An error of the file system in words; the exception's own message is often only the path. */
  public static SluiceException failure(String what, IOException e, Path about) {
    ErrorCode code = ErrorCode.IO;
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    String correction = "";
    if (e instanceof AccessDeniedException) {
      code = ErrorCode.FORBIDDEN;
      why = "no permission";
      correction = "run as the folder's owner, or choose another folder";
    } else if (e instanceof NoSuchFileException) {
      code = ErrorCode.NOT_FOUND;
      why = "it does not exist";
    } else if (e instanceof NotDirectoryException || e instanceof java.nio.file.FileAlreadyExistsException) {
      code = ErrorCode.INVALID_ARGUMENT;
      why = "a part of the path is a file, not a folder";
      correction = "choose another folder";
    } else if (e instanceof AtomicMoveNotSupportedException) {
      why = "the file system cannot replace a file atomically";
      correction = "keep the folder on a local file system";
    }
    return new SluiceException(e, code, what, why, correction, List.of(about.toString()));
  }
}
