package sluice.io.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import sluice.api.DiskUri;
import sluice.api.block.BlockTraits;

/**
 * What can be known of a {@code file:} or {@code dev:} disk before it is opened.
 *
 * @param path as it was named
 * @param block whether it is a block device
 * @param size bytes
 * @param direct whether it is to be opened past the page cache
 * @param traits of the disk once it is open
 */
record DiskFacts(Path path, boolean block, long size, boolean direct, BlockTraits traits) {
  /** What O_DIRECT on a file wants at most on any file system in use. */
  static final int FILE_ALIGNMENT = 4096;

  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_BLOCK = 0060000;
  private static final int TYPE_REGULAR = 0100000;
  private static final int TYPE_DIRECTORY = 0040000;

  /** Blocks: looks at the path; fails with a SluiceException that says what is wrong with it. */
  static DiskFacts of(DiskUri uri, boolean readOnly) {
    Path path = Path.of(uri.path());
    try {
      int type = (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
      if (type == TYPE_DIRECTORY) throw DiskProblem.directory(uri);
      boolean wantsBlock = uri.scheme().equals("dev");
      if (wantsBlock && type != TYPE_BLOCK) throw DiskProblem.notBlock(uri);
      if (!wantsBlock && type == TYPE_BLOCK) throw DiskProblem.isBlock(uri);
      if (!wantsBlock && type != TYPE_REGULAR) throw DiskProblem.notRegular(uri);
      if (!Files.isReadable(path) || !readOnly && !Files.isWritable(path)) throw DiskProblem.rights(uri, readOnly);
      boolean direct = !"on".equals(cache(uri));
      return wantsBlock ? blockDevice(uri, path, direct, readOnly) : regularFile(uri, path, direct, readOnly);
    } catch (NoSuchFileException e) {
      throw DiskProblem.missing(uri);
    } catch (AccessDeniedException e) {
      throw DiskProblem.rights(uri, readOnly);
    } catch (IOException e) {
      throw DiskProblem.io(uri, e.getMessage());
    }
  }

  private static String cache(DiskUri uri) {
    String cache = uri.parameter("cache");
    if (cache != null && !cache.equals("on") && !cache.equals("off")) throw DiskProblem.parameter(uri, "cache", cache);
    return cache;
  }

  private static DiskFacts regularFile(DiskUri uri, Path path, boolean direct, boolean readOnly) throws IOException {
    long size = Files.size(path);
    checkSize(uri, size);
    int alignment = direct ? FILE_ALIGNMENT : 1;
    return new DiskFacts(path, false, size, direct,
        new BlockTraits(size, alignment, 4096, readOnly, true, true, false));
  }

  private static DiskFacts blockDevice(DiskUri uri, Path path, boolean direct, boolean readOnly) throws IOException {
    long size;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      size = channel.size();
    }
    checkSize(uri, size);
    SysBlock sys = SysBlock.of(path);
    if (sys.readOnly() && !readOnly) throw DiskProblem.readOnlyDevice(uri);
    if (sys.logicalBlock() > 4096) throw DiskProblem.blockSize(uri, sys.logicalBlock());
    // Also through the page cache: the kernel punches and zeroes whole blocks of a device only.
    int alignment = sys.logicalBlock();
    return new DiskFacts(path, true, size, direct,
        new BlockTraits(size, alignment, 4096, readOnly, sys.discards(), sys.writesZeroes(), sys.rotational()));
  }

  private static void checkSize(DiskUri uri, long size) {
    if (size == 0) throw DiskProblem.empty(uri);
    if (size % 4096 != 0) throw DiskProblem.oddSize(uri, size);
  }
}
