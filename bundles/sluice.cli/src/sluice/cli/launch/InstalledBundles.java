package sluice.cli.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * The bundles in a framework's storage, brought in line with the program's folder. Main thread, before the framework
 * starts. Which jar each was installed from is kept in a file beside the storage; without it, all are updated.
 */
final class InstalledBundles {
  private final BundleContext system;
  private final Path record;

  InstalledBundles(BundleContext system, Path storage) {
    this.system = system;
    record = storage.resolve("sluice-bundles.txt");
  }

  /** Installs, updates, uninstalls; sets start levels; marks all but fragments to be started. */
  void reconcile(List<PluginJar> wanted) throws BundleException, IOException {
    Map<String, Bundle> byLocation = new HashMap<>();
    for (Bundle bundle : system.getBundles()) if (bundle.getBundleId() != 0) byLocation.put(bundle.getLocation(), bundle);
    Reconciliation todo = Reconciliation.of(fingerprints(byLocation.keySet()), wanted);
    // Taken away first, so that a crash in between leads to an update of everything and never to a wrong belief.
    if (!todo.nothing()) Files.deleteIfExists(record);
    for (String location : todo.uninstall()) byLocation.remove(location).uninstall();
    for (PluginJar jar : todo.update()) byLocation.get(jar.location()).update();
    for (PluginJar jar : todo.install()) byLocation.put(jar.location(), system.installBundle(jar.location()));
    for (PluginJar jar : wanted) {
      Bundle bundle = byLocation.get(jar.location());
      bundle.adapt(BundleStartLevel.class).setStartLevel(Roles.startLevel(jar.name()));
      if (!jar.fragment()) bundle.start(Bundle.START_ACTIVATION_POLICY);
    }
    if (!todo.nothing()) write(wanted);
  }

  private Map<String, String> fingerprints(Set<String> locations) throws IOException {
    Map<String, String> known = new TreeMap<>();
    for (String location : locations) known.put(location, "");
    if (!Files.exists(record)) return known;
    for (String line : Files.readAllLines(record)) {
      int blank = line.indexOf(' ');
      if (blank > 0) known.replace(line.substring(blank + 1), line.substring(0, blank));
    }
    return known;
  }

  private void write(List<PluginJar> wanted) throws IOException {
    StringBuilder text = new StringBuilder();
    for (PluginJar jar : wanted) text.append(jar.fingerprint()).append(' ').append(jar.location()).append('\n');
    Path fresh = record.resolveSibling(record.getFileName() + ".new");
    Files.writeString(fresh, text);
    Files.move(fresh, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
