package sluice.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numbers of one program, by name and labels. Registering takes a lock and is for set-up; counting goes to the
 * returned object and takes none. Asking again for the same counter or latency gives the same object.
 *
 * <p>Bounded: at {@link #MAX_SERIES} series a new one is still counted but not shown, and the log says so once.
 */
public final class Metrics {
  static final int MAX_SERIES = 20_000;
  private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);

  enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM
  }

  /** All series of a name; the key is the labels as the text format writes them. */
  record Family(String name, String help, Type type, TreeMap<String, Object> series) {}

  private final TreeMap<String, Family> families = new TreeMap<>();
  private int seriesCount;
  private boolean told;

  /**
   * A number that only grows.
   *
   * @param name in the way of Prometheus, for example {@code sluice_read_bytes_total}
   * @param help one sentence
   * @param labels names and values in turn, for example {@code "volume", "db1"}
   * @throws IllegalArgumentException for a malformed name, or a name that is used for another kind of number
   */
  public synchronized Counter counter(String name, String help, String... labels) {
    return (Counter) add(name, help, Type.COUNTER, labels, new Counter(), true);
  }

  /** Times; the name should end with {@code _seconds}. Parameters and errors as {@link #counter}. */
  public synchronized LatencyHistogram latency(String name, String help, String... labels) {
    return (LatencyHistogram) add(name, help, Type.HISTOGRAM, labels, new LatencyHistogram(), true);
  }

  /**
   * A number that is asked for when it is shown, on a thread of the endpoint; one that fails is left out. The newest
   * supplier of a name and labels is the one that counts. Parameters and errors as {@link #counter}.
   */
  public synchronized void gauge(String name, String help, DoubleSupplier value, String... labels) {
    add(name, help, Type.GAUGE, labels, value, false);
  }

  /** Forgets every series that has this label, for example of a volume that is detached. */
  public synchronized void forget(String label, String value) {
    String pair = PrometheusText.label(label, value);
    families.values().removeIf(f -> {
      int before = f.series.size();
      f.series.keySet().removeIf(k -> ("," + k + ",").contains("," + pair + ","));
      seriesCount -= before - f.series.size();
      return f.series.isEmpty();
    });
  }

  /** All of it, in the Prometheus text format 0.0.4. */
  public String text() {
    // suppliers are foreign code: they run outside the lock
    return PrometheusText.write(copy());
  }

  private synchronized List<Family> copy() {
    List<Family> all = new ArrayList<>(families.size());
    for (Family f : families.values()) all.add(new Family(f.name, f.help, f.type, new TreeMap<>(f.series)));
    return all;
  }

  private Object add(String name, String help, Type type, String[] labels, Object fresh, boolean keepOld) {
    String key = PrometheusText.labels(PrometheusText.checkName(name), pairs(labels));
    Family family = families.computeIfAbsent(name, n -> new Family(n, help, type, new TreeMap<>()));
    if (family.type != type) throw new IllegalArgumentException(name + " is a " + family.type + " already");
    Object old = family.series.get(key);
    if (old != null && keepOld) return old;
    if (old == null) {
      if (seriesCount >= MAX_SERIES) return overflow(name, fresh);
      seriesCount++;
    }
    family.series.put(key, fresh);
    return fresh;
  }

  private Object overflow(String name, Object fresh) {
    if (!told) LOG.warn("metrics: {} series are shown already, {} and further ones are left out", MAX_SERIES, name);
    told = true;
    if (families.get(name).series.isEmpty()) families.remove(name);
    return fresh;
  }

  private static Map<String, String> pairs(String[] labels) {
    if (labels.length % 2 != 0) throw new IllegalArgumentException("labels come as names and values in turn");
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      if (pairs.put(labels[i], labels[i + 1]) != null) throw new IllegalArgumentException("label twice: " + labels[i]);
    }
    return pairs;
  }
}
