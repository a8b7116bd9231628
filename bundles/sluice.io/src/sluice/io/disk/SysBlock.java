package sluice.io.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What sysfs tells of a block device (kernel document "Documentation/ABI/stable/sysfs-block").
 *
 * @param directory the device's own directory
 * @param disk that of the whole disk, for a partition; else the same
 */
record SysBlock(Path directory, Path disk) {
  /** Blocks. Finds the device by its number, so links and other names of the node do not matter. */
  static SysBlock of(Path node) throws IOException {
    long device = (long) Files.getAttribute(node, "unix:rdev");
    Path directory = Path.of("/sys/dev/block/" + major(device) + ":" + minor(device)).toRealPath();
    return new SysBlock(directory, Files.isDirectory(directory.resolve("queue")) ? directory : directory.getParent());
  }

  /** As glibc's gnu_dev_major. */
  static long major(long device) {
    return device >>> 8 & 0xfff | device >>> 32 & 0xfffff000L;
  }

  /** As glibc's gnu_dev_minor. */
  static long minor(long device) {
    return device & 0xff | device >>> 12 & 0xffffff00L;
  }

  String name() {
    return directory.getFileName().toString();
  }

  /** Bytes; 512 where sysfs does not say. */
  int logicalBlock() {
    return (int) number(disk.resolve("queue/logical_block_size"), 512);
  }

  boolean rotational() {
    return number(disk.resolve("queue/rotational"), 0) != 0;
  }

  boolean discards() {
    return number(disk.resolve("queue/discard_max_bytes"), 0) != 0;
  }

  boolean writesZeroes() {
    return number(disk.resolve("queue/write_zeroes_max_bytes"), 0) != 0;
  }

  boolean readOnly() {
    return number(directory.resolve("ro"), 0) != 0;
  }

  static long number(Path file, long otherwise) {
    try {
      return Long.parseLong(Files.readString(file).trim());
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }
}
