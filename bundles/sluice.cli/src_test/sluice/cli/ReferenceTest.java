package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {
  private final FakeCluster cluster = new FakeCluster();

  @Test
  void theReferenceInTheDocumentationIsInStepWithTheCommands() throws IOException {
    String made = Reference.markdown(Main.commandLine(cluster.context()));
    assertEquals(made, Files.readString(Path.of("../../docs/cli.md")), "run 'sluice gen-docs docs/cli.md'");
  }

  @Test
  void completionKnowsNounsVerbsAndOptions() {
    assertEquals(0, cluster.run("completion"));
    for (String word : new String[] {"volume", "declare-dead", "--stripes"}) assertTrue(cluster.out().contains(word), word);
  }

  @Test
  void theVersionIsThatOfTheBundle() throws IOException {
    assertTrue(Files.readString(Path.of("META-INF/MANIFEST.MF")).contains("Bundle-Version: " + VersionCommand.VERSION + ".qualifier"));
  }
}
