package sluice.cli.launch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bundles that a program needs: the named ones, all that export what these import (and so on), and the fragments
 * of any of them. So a folder may hold the console as well, and the server does not get it.
 *
 * <p>Pure. Versions are not compared here: the framework's resolver does, and says what does not fit.
 */
final class BundleClosure {
  private final Map<String, PluginJar> folder;
  private final Map<String, List<PluginJar>> exporters = new HashMap<>();
  private final Map<String, List<PluginJar>> fragments = new HashMap<>();
  private final Map<String, PluginJar> taken = new TreeMap<>();
  private final Deque<PluginJar> open = new ArrayDeque<>();

  private BundleClosure(Map<String, PluginJar> folder) {
    this.folder = folder;
    for (PluginJar jar : folder.values()) {
      for (String name : jar.exports()) exporters.computeIfAbsent(name, n -> new ArrayList<>()).add(jar);
      if (jar.fragment()) fragments.computeIfAbsent(jar.fragmentHost(), n -> new ArrayList<>()).add(jar);
    }
  }

  /** @return in order of symbolic names. Fails with CORRUPT if a named bundle is not in the folder. */
  static List<PluginJar> of(Map<String, PluginJar> folder, List<String> named, String where) {
    BundleClosure closure = new BundleClosure(folder);
    for (String name : named) {
      PluginJar jar = folder.get(name);
      if (jar == null) throw PluginFolder.broken(where, "the bundle " + name + " is missing");
      closure.take(jar);
    }
    closure.follow();
    return List.copyOf(closure.taken.values());
  }

  private void follow() {
    while (!open.isEmpty()) {
      PluginJar jar = open.poll();
      for (String name : jar.imports()) exporters.getOrDefault(name, List.of()).forEach(this::take);
      for (String name : jar.requires()) if (folder.containsKey(name)) take(folder.get(name));
      fragments.getOrDefault(jar.name(), List.of()).forEach(this::take);
      if (jar.fragment() && folder.containsKey(jar.fragmentHost())) take(folder.get(jar.fragmentHost()));
    }
  }

  private void take(PluginJar jar) {
    // The framework is running already: it is no bundle of itself.
    if (jar.name().equals("org.eclipse.osgi") || "org.eclipse.osgi".equals(jar.fragmentHost())) return;
    if (taken.putIfAbsent(jar.name(), jar) == null) open.add(jar);
  }
}
