package sluice.io.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import sluice.api.DiskUri;

/**
 * Is a block device used by something else on this machine: mounted, swapped to, part of RAID, LVM or a mapping, or
 * has it partitions that are? Asked when a disk is added.
 */
public final class InUse {
  private InUse() {}

  /**
   * Blocks. Fails with CONFLICT and says by what the device is used. Files are not looked at, nor is a device that
   * is not there: opening it says so better.
   */
  public static void check(DiskUri uri) {
    if (!uri.scheme().equals("dev")) return;
    String use;
    try {
      use = of(SysBlock.of(Path.of(uri.path())).directory(), Path.of("/proc"));
    } catch (IOException e) {
      return;
    }
    if (!use.isEmpty()) throw DiskProblem.inUse(uri, use);
  }

  /** What uses the device of a sysfs directory or one of its partitions; empty if nothing does. */
  static String of(Path sysDirectory, Path proc) throws IOException {
    String use = ofOne(sysDirectory, proc);
    if (!use.isEmpty()) return use;
    for (Path part : children(sysDirectory)) {
      if (!Files.exists(part.resolve("partition"))) continue;
      use = ofOne(part, proc);
      if (!use.isEmpty()) return "its partition " + part.getFileName() + " is " + use;
    }
    return "";
  }

  private static String ofOne(Path sysDirectory, Path proc) throws IOException {
    List<Path> holders = children(sysDirectory.resolve("holders"));
    if (!holders.isEmpty()) return "part of " + holders.get(0).getFileName();
    String number = Files.readString(sysDirectory.resolve("dev")).trim();
    String name = sysDirectory.getFileName().toString();
    // mountinfo: id, parent, major:minor, root, mount point, …, "-", type, source (proc(5)). btrfs has numbers of
    // its own there.
    for (String line : lines(proc.resolve("self/mountinfo"))) {
      String[] field = line.split(" ");
      boolean mounted = field.length > 4 && (field[2].equals(number) || line.contains(" /dev/" + name + " "));
      if (mounted) return "mounted on " + field[4].replace("\\040", " ");
    }
    for (String line : lines(proc.resolve("swaps"))) {
      String swap = line.split("\\s", 2)[0];
      if (swap.startsWith("/") && swap.endsWith("/" + name)) return "used for swapping";
    }
    return "";
  }

  private static List<String> lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) return List.of();
    try (Stream<Path> list = Files.list(directory)) {
      return list.sorted().toList();
    }
  }
}
