package sluice.local;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/** Where classes lie, for another process that shall have them. */
final class ClassPath {
  private ClassPath() {}

  static String of(Class<?>... classes) {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> c : classes) {
      try {
        places.add(Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(File.pathSeparator, places);
  }
}
