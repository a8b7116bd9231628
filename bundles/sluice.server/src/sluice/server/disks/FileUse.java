package sluice.server.disks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sluice.api.DiskUri;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * What names of files and devices do not show: two names of one file, and a file that lies behind a loop device, which
 * may be mounted. Blocks.
 */
final class FileUse {
  private final Path sysBlock;
  private final Path proc;

  /**
   * @param sysBlock /sys/block, or what a test has for it
   * @param proc /proc, likewise
   */
  FileUse(Path sysBlock, Path proc) {
    this.sysBlock = sysBlock;
    this.proc = proc;
  }

  /** @throws SluiceException CONFLICT if the disk is a file that a loop device shows as its own */
  void check(DiskUri uri) {
    if (!uri.scheme().equals("file")) return;
    Object key = key(Path.of(uri.path()));
    for (Map.Entry<Object, String> loop : loops().entrySet()) {
      if (!loop.getKey().equals(key)) continue;
      throw new SluiceException(ErrorCode.CONFLICT, "disk " + uri + " cannot be used", "it is in use: it lies behind /dev/" + loop.getValue(),
          "end that use first, with losetup -d /dev/" + loop.getValue() + ", or add the device instead", uri.toString());
    }
  }

  /**
   * Of processes that this one may look at; of another machine's nothing can be known.
   *
   * @throws SluiceException CONFLICT if another process has the file or device open
   */
  void checkNotOpen(DiskUri uri) {
    if (!uri.scheme().equals("file") && !uri.scheme().equals("dev")) return;
    Path disk = Path.of(uri.path());
    Path own = Path.of(Long.toString(ProcessHandle.current().pid()));
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        if (process.getFileName().equals(own) || !hasOpen(process, disk)) continue;
        throw new SluiceException(ErrorCode.CONFLICT, "disk " + uri + " is not overwritten", "process " + process.getFileName() + commandOf(process) + " has it open",
            "end that use first; if it is another Sluice server, remove the disk there", uri.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasOpen(Path process, Path disk) {
    try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path fd : open) if (Files.exists(fd) && Files.isSameFile(fd, disk)) return true;
    } catch (IOException | DirectoryIteratorException e) {
      // it has ended, or belongs to somebody else
    }
    return false;
  }

  private static String commandOf(Path process) {
    try {
      return " (" + Files.readString(process.resolve("comm")).strip() + ")";
    } catch (IOException e) {
      return "";
    }
  }

  /** @throws SluiceException INVALID_ARGUMENT if two of them are the same disk, as far as this machine can tell */
  void checkDistinct(List<DiskUri> uris) {
    Map<Object, DiskUri> seen = new HashMap<>();
    Map<Object, String> loops = loops();
    for (DiskUri uri : uris) {
      DiskUri before = seen.put(identity(uri, loops), uri);
      if (before == null) continue;
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, before + " and " + uri + " are the same disk", "two names lead to it",
          "name each disk once; further ways to it can be set later with 'sluice disk set'", before.toString(), uri.toString());
    }
  }

  private static Object identity(DiskUri uri, Map<Object, String> loops) {
    if (uri.scheme().equals("file")) return key(Path.of(uri.path()));
    if (!uri.scheme().equals("dev")) return uri.text();
    try {
      Path real = Path.of(uri.path()).toRealPath();
      for (Map.Entry<Object, String> loop : loops.entrySet()) {
        if (real.equals(Path.of("/dev", loop.getValue()))) return loop.getKey();
      }
      return real;
    } catch (IOException e) {
      return uri.text(); // it is not there: opening it says so
    }
  }

  /** Device and inode; the path itself where there are none. */
  private static Object key(Path path) {
    try {
      Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      return key == null ? path : key;
    } catch (IOException e) {
      return path;
    }
  }

  /** The files behind loop devices, and which. */
  private Map<Object, String> loops() {
    Map<Object, String> loops = new HashMap<>();
    if (!Files.isDirectory(sysBlock)) return loops;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(sysBlock, "loop*")) {
      for (Path loop : all) {
        Path backing = loop.resolve("loop/backing_file");
        if (Files.exists(backing)) loops.put(key(Path.of(Files.readString(backing).strip())), loop.getFileName().toString());
      }
      return loops;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
