package sluice.cli.launch;

import java.util.List;

/**
 * Which bundles make which program, and when they start. Only the compositions are named; what they import follows by
 * itself ({@link BundleClosure}).
 */
public enum Roles {
  SERVER("server", List.of("sluice.server", "sluice.catalog.ratis")),
  AGENT("agent", List.of("sluice.agent", "sluice.agent.direct", "sluice.agent.serverroute"));

  /** Wanted by nobody's imports: declarative services, and what finds slf4j's provider. */
  static final List<String> INFRASTRUCTURE =
      List.of("org.apache.felix.scr", "org.apache.aries.spifly.dynamic.bundle", "ch.qos.logback.classic", "slf4j.api");

  static final int FIRST_LEVEL = 2;
  static final int LAST_LEVEL = 4;

  private final String program;
  private final List<String> compositions;

  Roles(String program, List<String> compositions) {
    this.program = program;
    this.compositions = compositions;
  }

  /** The value of the framework property {@code sluice.program}. */
  public String program() {
    return program;
  }

  /** The bundles that make the program. */
  public List<String> compositions() {
    return compositions;
  }

  /**
   * Logging must be there before the first bundle that logs: SpiFly before logback's own start, both before slf4j
   * looks for a provider; declarative services early so that nothing is missed.
   */
  static int startLevel(String bundle) {
    return switch (bundle) {
      case "slf4j.api" -> 3;
      case "org.apache.felix.scr", "org.apache.aries.spifly.dynamic.bundle", "ch.qos.logback.classic",
          "ch.qos.logback.core" -> FIRST_LEVEL;
      default -> LAST_LEVEL;
    };
  }
}
