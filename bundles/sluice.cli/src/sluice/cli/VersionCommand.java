package sluice.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

/** Says which Sluice this is. */
@Command(name = "version", description = "Print the versions of this program and its Java.", footerHeading = "%nExamples:%n",
    footer = {"  sluice version", "  sluice version -o json"})
final class VersionCommand extends OutputCommand {
  /** Of the product; a test holds it to the bundle's version. */
  static final String VERSION = "1.0.0";

  @Override
  public Integer call() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("sluice", VERSION);
    tree.put("java", System.getProperty("java.version"));
    tree.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    show(() -> tree, () -> say("sluice " + VERSION + " (Java " + tree.get("java") + ", " + tree.get("os") + ")"));
    return 0;
  }
}
