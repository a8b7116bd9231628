package sluice.cli.bench;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the figures were measured on. */
record Machine(String processor, int cores, String memory, String kernel, String java, String fileSystem) {
  static Machine of(Path dir) {
    return new Machine(value("/proc/cpuinfo", "model name"), Runtime.getRuntime().availableProcessors(), value("/proc/meminfo", "MemTotal"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"), System.getProperty("java.vm.version"), fileSystem(dir));
  }

  private static String value(String file, String key) {
    try {
      return value(Files.readAllLines(Path.of(file)), key);
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Load averages over one, five and fifteen minutes: whether the machine did anything else. */
  static String load() {
    try {
      return String.join(" ", Arrays.copyOf(Files.readString(Path.of("/proc/loadavg")).split(" "), 3));
    } catch (IOException e) {
      return "unknown";
    }
  }

  static String value(List<String> lines, String key) {
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(key)) return line.substring(colon + 1).strip();
    }
    return "unknown";
  }

  private static String fileSystem(Path dir) {
    try {
      FileStore store = Files.getFileStore(dir);
      return store.type();
    } catch (IOException e) {
      return "unknown";
    }
  }

  String text() {
    return processor + ", " + cores + " processors, " + memory + " memory, " + kernel + ", Java " + java + ", " + fileSystem;
  }
}
