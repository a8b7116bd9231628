package sluice.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Folders for a test's processes, gone when the tests are. In /var/tmp, wherever the checkout lies: the path of a Unix socket has
 * at most 107 bytes, and /tmp may be in memory, where there is no O_DIRECT.
 */
final class Scratch {
  private Scratch() {}

  static Path folder(String name) {
    try {
      Path dir = Files.createTempDirectory(Path.of("/var/tmp"), "sl-" + name);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(dir)));
      return dir;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void delete(Path dir) {
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(p);
    } catch (IOException e) {
      System.err.println(dir + " is left behind: " + e);
    }
  }
}
