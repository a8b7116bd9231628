package sluice.server.disks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sluice.api.DiskUri;
import sluice.api.SluiceException;
import sluice.io.disk.InUse;

/** The block devices that the operating system shows, by sysfs. Blocks: call it on a thread that may. */
final class BlockDeviceListing {
  /** Further ones are left out; a machine with more is asked by URI. */
  static final int MOST = 1000;
  private static final long SECTOR = 512;

  /** @param whyNot empty if it may be looked at further */
  record Device(String uri, long capacityBytes, String whyNot) {}

  private final Path sysBlock;
  private final Path dev;

  /** @param sysBlock /sys/class/block @param dev /dev; other folders are for tests */
  BlockDeviceListing(Path sysBlock, Path dev) {
    this.sysBlock = sysBlock;
    this.dev = dev;
  }

  List<Device> list() {
    Map<String, String> lasting = lastingNames();
    List<Device> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(sysBlock)) {
      List<Path> sorted = new ArrayList<>();
      for (Path p : entries) sorted.add(p);
      sorted.sort(null);
      for (Path entry : sorted) {
        if (found.size() == MOST) break;
        Device d = look(entry, lasting);
        if (d != null) found.add(d);
      }
    } catch (IOException e) {
      // A system without sysfs has no block devices to offer; files and NBD disks are named by URI.
      return List.of();
    }
    return found;
  }

  private Device look(Path entry, Map<String, String> lasting) {
    String name = entry.getFileName().toString();
    long bytes = number(entry.resolve("size")) * SECTOR;
    if (bytes <= 0) return null;
    String uri = "dev:" + lasting.getOrDefault(name, dev.resolve(name).toString());
    return new Device(uri, bytes, whyNot(entry, name, uri));
  }

  private String whyNot(Path entry, String name, String uri) {
    if (name.startsWith("ram") || name.startsWith("zram")) return "it is memory and loses everything at a restart";
    if (name.startsWith("sr")) return "it is an optical drive";
    if (number(entry.resolve("ro")) == 1) return "it is read-only";
    if (hasPartitions(entry, name)) return "it is divided into partitions";
    try {
      InUse.check(new DiskUri(uri));
      return "";
    } catch (SluiceException e) {
      return e.why().isEmpty() ? e.what() : e.why();
    }
  }

  private boolean hasPartitions(Path entry, String name) {
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(entry, name + "*")) {
      for (Path p : inside) if (Files.exists(p.resolve("partition"))) return true;
      return false;
    } catch (IOException e) {
      return false;
    }
  }

  /** Kernel name to the shortest name under by-id, which stays the same over restarts and other sockets. */
  private Map<String, String> lastingNames() {
    Map<String, String> names = new TreeMap<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(dev.resolve("disk/by-id"))) {
      for (Path link : links) {
        String kernel = link.toRealPath().getFileName().toString();
        names.merge(kernel, link.toString(), (a, b) -> a.length() < b.length() || a.length() == b.length() && a.compareTo(b) < 0 ? a : b);
      }
    } catch (IOException e) {
      // There is no such folder in containers and small guests: kernel names have to do.
      return names;
    }
    return names;
  }

  private static long number(Path file) {
    try {
      return Long.parseLong(Files.readString(file).trim());
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
