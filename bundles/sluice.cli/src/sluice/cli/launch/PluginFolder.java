package sluice.cli.launch;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** The folder that the program's bundles lie in. */
public record PluginFolder(Path path) {
  /** System property: the folder, if it is not the one that this jar lies in. */
  public static final String PROPERTY = "sluice.plugins";

  /** The folder by the property, or that of the jar this class was loaded from. */
  public static PluginFolder find() {
    String given = System.getProperty(PROPERTY);
    if (given != null && !given.isEmpty()) return new PluginFolder(Path.of(given).toAbsolutePath());
    try {
      Path own = Path.of(PluginFolder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return new PluginFolder(own.getParent());
    } catch (URISyntaxException | RuntimeException e) {
      throw broken("it is not known where", "the program does not run from a jar in a folder of bundles");
    }
  }

  /** All bundles of the folder by symbolic name, the highest version of each. */
  public Map<String, PluginJar> bundles() {
    List<Path> files;
    try (Stream<Path> all = Files.list(path)) {
      files = all.filter(p -> p.getFileName().toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw broken(path.toString(), "the folder cannot be read (" + e.getMessage() + ")");
    }
    List<PluginJar> jars = new ArrayList<>();
    for (Path file : files) {
      try {
        PluginJar jar = PluginJar.read(file);
        if (jar != null) jars.add(jar);
      } catch (IOException e) {
        throw broken(file.toString(), e.getMessage());
      }
    }
    return PluginJar.newest(jars);
  }

  static SluiceException broken(String where, String why) {
    return new SluiceException(ErrorCode.CORRUPT, "the program's bundles are not usable in " + where, why,
        "build or install Sluice again, or name the folder of its bundles with -D" + PROPERTY + "=FOLDER", where);
  }
}
