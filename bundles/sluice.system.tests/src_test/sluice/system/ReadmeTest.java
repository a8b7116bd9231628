package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The README's tour, run as it stands there (but for the port). */
class ReadmeTest {
  private static final String MARK = "<!-- tour -->\n```sh\n";

  @Test
  void theTourWorksAsItIsWritten() throws IOException {
    String readme = Files.readString(Path.of(System.getProperty("sluice.checkout"), "README.md"));
    int from = readme.indexOf(MARK) + MARK.length();
    String tour = readme.substring(from, readme.indexOf("```", from)).replace("7440", Integer.toString(Cluster.twoFreePorts()));
    Path dir = Scratch.folder("rm");
    String path = Path.of(Cluster.sluice()).getParent() + ":" + System.getenv("PATH");
    // every command must work; what runs in the background ends with the script
    String script = "set -eu\ntrap 'kill $(jobs -p); wait' EXIT\ncd " + dir + "\n" + tour + "echo the end\n";
    Tool.Result r = Tool.run(Map.of("PATH", path, "SLUICE_CONFIG", dir.resolve("config").toString()), List.of("bash", "-c", script));
    assertEquals(0, r.exit(), r.out() + r.err());
    assertTrue(r.out().contains("the end"), r.out() + r.err());
    assertTrue(r.out().contains("the direct-route bundle was stopped"), r.out());
    assertTrue(r.out().contains("refused, with a reason for each disk") && (r.out() + r.err()).contains("GiB free of"), r.out() + r.err());
  }
}
