package sluice.cli.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** All samples, and what follows from them. Pure. */
final class Results {
  /** The name under which Sluice takes part. */
  static final String OWN = "sluice";

  private final Map<Row, Map<String, List<Sample>>> samples = new LinkedHashMap<>();

  void add(Row row, String contestant, Sample sample) {
    samples.computeIfAbsent(row, r -> new LinkedHashMap<>()).computeIfAbsent(contestant, c -> new ArrayList<>()).add(sample);
  }

  List<Row> rows() {
    return List.copyOf(samples.keySet());
  }

  List<String> contestants(Row row) {
    return List.copyOf(samples.get(row).keySet());
  }

  /** Median over the rounds; NaN if the contestant did not take part. */
  double median(Row row, String contestant, ToDoubleFunction<Sample> of) {
    List<Sample> all = samples.get(row).getOrDefault(contestant, List.of());
    return median(all.stream().mapToDouble(of).toArray());
  }

  static double median(double[] values) {
    if (values.length == 0) return Double.NaN;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The value that the given share of the values does not exceed (nearest rank); NaN of none. */
  static double quantile(double[] values, double share) {
    if (values.length == 0) return Double.NaN;
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }

  /** The peer with the highest median rate; null if Sluice was alone. */
  String bestPeer(Row row) {
    String best = null;
    for (String c : contestants(row)) {
      if (c.equals(OWN)) continue;
      if (best == null || rate(row, c) > rate(row, best)) best = c;
    }
    return best;
  }

  double rate(Row row, String contestant) {
    return median(row, contestant, Sample::perSecond);
  }

  /**
   * The median over the rounds of Sluice's rate divided by the best peer's in the same round: the machine's drift from
   * round to round cancels out. NaN without a peer.
   */
  double ratio(Row row) {
    return median(ratios(row));
  }

  /** The ratio of each round, in their order; none without a peer. */
  double[] ratios(Row row) {
    return ratios(row, bestPeer(row), Sample::perSecond);
  }

  /** Sluice's processor time a request divided by the contestant's in the same round, the median; NaN if it did not take part. */
  double cpuRatio(Row row, String contestant) {
    return median(ratios(row, contestant, Sample::cpuMicros));
  }

  private double[] ratios(Row row, String peer, ToDoubleFunction<Sample> of) {
    List<Sample> own = samples.get(row).getOrDefault(OWN, List.of());
    List<Sample> theirs = peer == null ? List.of() : samples.get(row).getOrDefault(peer, List.of());
    double[] ratios = new double[Math.min(own.size(), theirs.size())];
    for (int i = 0; i < ratios.length; i++) ratios[i] = of.applyAsDouble(own.get(i)) / of.applyAsDouble(theirs.get(i));
    return ratios;
  }
}
