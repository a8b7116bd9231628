package sluice.cli.launch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What to do so that a framework's storage holds the wanted bundles: the storage outlives the program's versions.
 *
 * @param uninstall locations of bundles that are wanted no more, or lie elsewhere now
 * @param update bundles whose jars have changed since they were installed
 * @param install bundles that are not there yet
 */
record Reconciliation(List<String> uninstall, List<PluginJar> update, List<PluginJar> install) {

  /**
   * @param installed fingerprint of the jar by location, as it was when installed; empty if that is not known
   * @param wanted the bundles of this program
   */
  static Reconciliation of(Map<String, String> installed, List<PluginJar> wanted) {
    List<String> uninstall = new ArrayList<>();
    List<PluginJar> update = new ArrayList<>();
    List<PluginJar> install = new ArrayList<>();
    Set<String> locations = new HashSet<>();
    for (PluginJar jar : wanted) {
      locations.add(jar.location());
      String before = installed.get(jar.location());
      if (before == null) install.add(jar);
      else if (!before.equals(jar.fingerprint())) update.add(jar);
    }
    for (String location : installed.keySet()) if (!locations.contains(location)) uninstall.add(location);
    uninstall.sort(null);
    return new Reconciliation(uninstall, update, install);
  }

  boolean nothing() {
    return uninstall.isEmpty() && update.isEmpty() && install.isEmpty();
  }
}
