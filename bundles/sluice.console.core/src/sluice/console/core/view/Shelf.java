package sluice.console.core.view;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that is copied when it is first changed, so that an unchanged one stays the same object from one view to the next.
 * One owner.
 */
final class Shelf<M> {
  private Map<String, M> map;
  private boolean own;

  Shelf(Map<String, M> shared) {
    map = shared;
  }

  M get(String key) {
    return map.get(key);
  }

  /** Answers the one before, or null. */
  M put(String key, M value) {
    return mine().put(key, value);
  }

  M remove(String key) {
    return map.containsKey(key) ? mine().remove(key) : null;
  }

  /** Of all at once. */
  Map<String, M> mine() {
    if (!own) {
      map = new LinkedHashMap<>(map);
      own = true;
    }
    return map;
  }

  /** From now on nobody changes it. */
  Map<String, M> frozen() {
    if (!own) return map;
    own = false;
    map = Collections.unmodifiableMap(map);
    return map;
  }
}
