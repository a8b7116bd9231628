package sluice.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the outside world is for one invocation.
 *
 * @param out results
 * @param err errors and progress
 * @param terminal whether a person reads {@code err}
 * @param environment environment variables
 * @param connector how a cluster is reached
 */
public record CliContext(
    PrintWriter out, PrintWriter err, boolean terminal, Map<String, String> environment, ClusterConnector connector) {

  /** The command line's own folder: $SLUICE_CONFIG, or ~/.config/sluice (XDG's rule). */
  public Path configFolder() {
    String given = environment.get("SLUICE_CONFIG");
    if (given != null && !given.isEmpty()) return Path.of(given);
    String xdg = environment.get("XDG_CONFIG_HOME");
    if (xdg != null && xdg.startsWith("/")) return Path.of(xdg, "sluice");
    return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".config", "sluice");
  }
}
