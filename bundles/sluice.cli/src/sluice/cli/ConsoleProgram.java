package sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** The desktop console on this machine: a program of its own, beside the command line or in a folder that is named. */
public final class ConsoleProgram {
  /** Environment variable: the folder with the console's start script. */
  static final String HOME = "SLUICE_CONSOLE_HOME";

  private static final String SCRIPT = "sluice-console";

  private final Path script;

  private ConsoleProgram(Path script) {
    this.script = script;
  }

  /** @throws SluiceException NOT_FOUND with where it was looked for; UNAVAILABLE if there is no display to show it on */
  public static ConsoleProgram find(Map<String, String> environment) {
    List<Path> places = places(environment, System.getProperty("sluice.home", ""));
    for (Path place : places) {
      Path script = place.resolve(SCRIPT);
      if (!Files.isExecutable(script)) continue;
      if (environment.getOrDefault("DISPLAY", "").isEmpty() && environment.getOrDefault("WAYLAND_DISPLAY", "").isEmpty()) {
        throw new SluiceException(ErrorCode.UNAVAILABLE, "the console has no display to show itself on",
            "neither DISPLAY nor WAYLAND_DISPLAY is set", "run it in a desktop session, or with one forwarded (ssh -X)");
      }
      return new ConsoleProgram(script);
    }
    throw new SluiceException(ErrorCode.NOT_FOUND, "the console is not installed here",
        "there is no " + SCRIPT + " in " + String.join(", ", places.stream().map(Path::toString).toList()),
        "unpack its archive beside the command line, or say with " + HOME + " where it is");
  }

  static List<Path> places(Map<String, String> environment, String home) {
    List<Path> places = new ArrayList<>();
    String given = environment.getOrDefault(HOME, "");
    if (!given.isEmpty()) {
      places.add(Path.of(given));
      return places;
    }
    if (!home.isEmpty()) {
      Path own = Path.of(home).toAbsolutePath().normalize();
      places.add(own.resolve("console"));
      places.add(own.resolveSibling(SCRIPT));
    }
    return places;
  }

  /** Starts it; its messages go where this program's go. */
  Process start(Map<String, String> environment, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    command.addAll(arguments);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
      builder.environment().putAll(environment);
      return builder.start();
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the console could not be started", String.valueOf(e.getMessage()), "", List.of(script.toString()));
    }
  }

  /** Starts it on the current cluster of a config folder. */
  public Process start(Map<String, String> environment, String server) {
    return start(environment, server == null ? List.of() : List.of("--server", server));
  }
}
