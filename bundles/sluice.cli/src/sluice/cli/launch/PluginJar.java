package sluice.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.eclipse.osgi.util.ManifestElement;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A bundle in the program's folder.
 *
 * @param path the jar
 * @param name its symbolic name
 * @param version its version
 * @param fragmentHost symbolic name of its host if it is a fragment, otherwise null
 * @param exports packages that it offers
 * @param imports packages that it wants, optional ones as well
 * @param requires bundles that it wants by name
 * @param fingerprint changes when the jar's content may have changed
 */
public record PluginJar(
    Path path, String name, Version version, String fragmentHost, Set<String> exports, Set<String> imports,
    Set<String> requires, String fingerprint) {

  public boolean fragment() {
    return fragmentHost != null;
  }

  /** Where the framework finds it: the jar itself and no copy of it. */
  public String location() {
    return "reference:file:" + path;
  }

  /** Reads a jar's manifest; null if it is no bundle. */
  static PluginJar read(Path path) throws IOException {
    Manifest manifest;
    try (JarFile jar = new JarFile(path.toFile(), false)) {
      manifest = jar.getManifest();
    }
    if (manifest == null) return null;
    Attributes headers = manifest.getMainAttributes();
    if (headers.getValue(Constants.BUNDLE_SYMBOLICNAME) == null) return null;
    try {
      Set<String> hosts = names(headers, Constants.FRAGMENT_HOST);
      return new PluginJar(path.toAbsolutePath().normalize(),
          names(headers, Constants.BUNDLE_SYMBOLICNAME).iterator().next(),
          Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION)),
          hosts.isEmpty() ? null : hosts.iterator().next(),
          names(headers, Constants.EXPORT_PACKAGE), names(headers, Constants.IMPORT_PACKAGE),
          names(headers, Constants.REQUIRE_BUNDLE),
          Files.size(path) + ":" + Files.getLastModifiedTime(path).toMillis());
    } catch (BundleException | IllegalArgumentException e) {
      throw new IOException("its manifest is damaged (" + e.getMessage() + ")", e);
    }
  }

  private static Set<String> names(Attributes headers, String header) throws BundleException {
    Set<String> names = new LinkedHashSet<>();
    ManifestElement[] elements = ManifestElement.parseHeader(header, headers.getValue(header));
    if (elements == null) return names;
    for (ManifestElement element : elements) for (String name : element.getValueComponents()) names.add(name);
    return names;
  }

  /** Of several versions of one bundle, the highest only. */
  static Map<String, PluginJar> newest(Iterable<PluginJar> jars) {
    Map<String, PluginJar> newest = new LinkedHashMap<>();
    for (PluginJar jar : jars) {
      newest.merge(jar.name(), jar, (a, b) -> b.version().compareTo(a.version()) > 0 ? b : a);
    }
    return newest;
  }
}
