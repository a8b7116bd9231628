package sluice.core.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Ids by something they have in common, in order of id. */
final class Index {
  private final Map<String, TreeSet<String>> ids = new HashMap<>();

  void add(String key, String id) {
    if (!key.isEmpty()) ids.computeIfAbsent(key, k -> new TreeSet<>()).add(id);
  }

  void remove(String key, String id) {
    TreeSet<String> set = ids.get(key);
    if (set == null) return;
    set.remove(id);
    if (set.isEmpty()) ids.remove(key);
  }

  /** Live: copy it before changing what it is about. */
  SortedSet<String> of(String key) {
    TreeSet<String> set = ids.get(key);
    return set == null ? new TreeSet<>() : set;
  }
}
