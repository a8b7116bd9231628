package sluice.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Which bundles may be stopped or exchanged while the program runs, and with what. Pure but for reading a manifest. */
final class ExchangeRules {
  private static final String RESTART = "stop the program, exchange the jar and start it again";

  /** Why not, by symbolic name. */
  private static final Map<String, String> FIXED = Map.of(
      "sluice.api", "every other bundle is wired to its types, so all of them would stop at once",
      "sluice.protocol", "every other bundle is wired to its messages, so all of them would stop at once",
      "sluice.ratis", "it keeps threads that live as long as the process, with the classes of the old version",
      "sluice.catalog.ratis", "the catalog's log can only be opened once in a process",
      "sluice.local", "it is what carries this call out");

  private ExchangeRules() {}

  /** @throws SluiceException FORBIDDEN if the bundle is not one of Sluice's */
  static void checkOwn(String name) {
    if (name.startsWith("sluice.")) return;
    throw new SluiceException(ErrorCode.FORBIDDEN, "cannot change " + name + " in a running program",
        "it is not one of Sluice's own bundles, and others are built on it", RESTART, name);
  }

  /** @throws SluiceException FORBIDDEN for the bundle that is the program */
  static void checkStop(String name, String program) {
    if (!name.equals(program)) return;
    throw new SluiceException(ErrorCode.FORBIDDEN, "cannot stop " + name + " in a running program",
        "it is the program itself", "stop the program", name);
  }

  /** @param dependents the symbolic names of what is wired to it, itself among them */
  static void checkNeeded(String name, List<String> dependents) {
    List<String> others = dependents.stream().filter(d -> !d.equals(name)).toList();
    if (others.isEmpty()) return;
    throw new SluiceException(ErrorCode.FORBIDDEN, "cannot stop " + name + " in a running program",
        "these are built on it: " + String.join(", ", others), "stop the program; to exchange the bundle, 'bundle update' restarts them with it", name);
  }

  /** @throws SluiceException FORBIDDEN with the reason, if the bundle may not be stopped or exchanged by itself */
  static void check(String name, String verb) {
    String why = FIXED.get(name);
    if (why != null) {
      throw new SluiceException(ErrorCode.FORBIDDEN, "cannot " + verb + " " + name + " in a running program", why,
          RESTART, name);
    }
  }

  /**
   * @param stopped the symbolic names of what an update would restart
   * @param kept the symbolic names of what carries the program
   */
  static void checkDependents(String name, List<String> stopped, List<String> kept) {
    for (String k : kept) {
      if (stopped.contains(k)) {
        String why = name.equals(k) ? "it is the program itself" : k + " is built on it and would be restarted with it";
        throw new SluiceException(ErrorCode.FORBIDDEN, "cannot update " + name + " in a running program", why, RESTART, name);
      }
    }
  }

  /** @throws SluiceException if the file is no readable bundle, or is another bundle than the one to be updated */
  static void checkJar(Path jar, String name) {
    String found;
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String header = manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
      found = header == null ? "" : header.split(";")[0].trim();
    } catch (IOException e) {
      throw unreadable(e, jar);
    }
    if (!found.equals(name)) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "cannot update " + name + " from " + jar,
          found.isEmpty() ? "the file is not a bundle" : "the file is the bundle " + found,
          "give the jar of " + name, name, jar.toString());
    }
  }

  static SluiceException unreadable(IOException e, Path jar) {
    return new SluiceException(e, ErrorCode.IO, "cannot read " + jar, String.valueOf(e.getMessage()),
        "give a jar file that the program's user can read", List.of(jar.toString()));
  }
}
