package sluice.server.disks;

import java.io.IOException;
import java.io.UncheckedIOException;
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

  /** @param sysBlock /sys/block, or what a test has for it */
  FileUse(Path sysBlock) {
    this.sysBlock = sysBlock;
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
