package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The script that starts everything, and the classes that it keeps ready. */
class LauncherTest {
  /** Its own copy of the script, beside the product's programs: the file of classes lies beside the script. */
  private static Path script(Path dir) throws IOException {
    Path product = Path.of(Cluster.sluice()).getParent();
    Files.createSymbolicLink(dir.resolve("plugins"), product.resolve("plugins"));
    return Files.copy(product.resolve("sluice"), dir.resolve("sluice"));
  }

  @Test
  void theClassesAreKeptAfterTheFirstLookAndDoNoHarmWhenTheyDoNotFit() throws IOException {
    try (Cluster cluster = Cluster.start("la")) {
      Path own = Files.createDirectory(cluster.dir.resolve("p"));
      Path script = script(own);
      Path kept = own.resolve("classes.jsa");
      List<String> list = List.of(script.toString(), "pool", "list", "-o", "json");

      assertNotEquals(0, Tool.run(cluster.environment(), List.of(script.toString(), "pool", "show", "absent")).exit());
      assertEquals(List.of("plugins", "sluice"), names(own), "of a command that failed nothing is kept");
      assertEquals("[]", quiet(cluster, list));
      assertEquals(List.of("classes.jsa", "plugins", "sluice"), names(own));
      FileTime made = Files.getLastModifiedTime(kept);
      assertEquals("[]", quiet(cluster, list));
      assertEquals(made, Files.getLastModifiedTime(kept), "it is used, not made again");

      Files.delete(kept);
      Files.write(kept, new byte[100_000]);
      assertEquals("[]", quiet(cluster, list), "a damaged file is done without");

      // as a change of the programs does
      Files.setLastModifiedTime(own.resolve("plugins").toRealPath(), FileTime.fromMillis(System.currentTimeMillis()));
      assertEquals("[]", quiet(cluster, list));
      assertTrue(Files.size(kept) > 1_000_000, "made anew, since the programs are newer");
    }
  }

  private static String quiet(Cluster cluster, List<String> command) {
    Tool.Result r = Tool.run(cluster.environment(), command).ok();
    assertEquals("", r.err());
    return r.out().strip();
  }

  private static List<String> names(Path dir) throws IOException {
    try (var in = Files.list(dir)) {
      return in.map(p -> p.getFileName().toString()).sorted().toList();
    }
  }
}
