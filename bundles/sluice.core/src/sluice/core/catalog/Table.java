package sluice.core.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Objects of one kind by id, in order, and by name. */
final class Table<T> {
  private final Function<T, String> id;
  private final Function<T, String> name;
  private final TreeMap<String, T> byId = new TreeMap<>();
  private final Map<String, T> byName = new HashMap<>();

  Table(Function<T, String> id, Function<T, String> name) {
    this.id = id;
    this.name = name;
  }

  /** Puts the one in the other's place; either may be missing. */
  void replace(T old, T now) {
    if (old != null) {
      byId.remove(id.apply(old));
      byName.remove(name.apply(old));
    }
    if (now != null) {
      byId.put(id.apply(now), now);
      byName.put(name.apply(now), now);
    }
  }

  T get(String key) {
    return byId.get(key);
  }

  T named(String key) {
    return byName.get(key);
  }

  boolean has(String key) {
    return byId.containsKey(key);
  }

  int size() {
    return byId.size();
  }

  Collection<T> all() {
    return byId.values();
  }
}
