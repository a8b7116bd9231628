package sluice.cli.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sluice.cli.output.Table;

/** Results for people, as a table and as Markdown, and for scripts. Pure. */
final class BenchReport {
  /** Whose processor time a request is held against, and what share of it is the goal (issue 2, "How fast"). */
  private static final String CPU_PEER = "qemu-nbd";
  private static final double CPU_WANTED = 0.5;

  private static final String FAILED = "NOT MEASURED: ";

  private final Results results;
  private final List<Measure> measures;
  private final List<String> failures;
  private final Machine machine;
  private final String how;

  /**
   * A figure that has no peer.
   *
   * @param value what was measured
   * @param most what it may be at most
   */
  record Measure(String title, double value, String unit, double most) {
    boolean reached() {
      return value <= most;
    }

    String sentence() {
      return title + ": " + number(value, 1) + " " + unit + ", goal ≤ " + number(most, 0) + " " + unit + (reached() ? " met" : " NOT MET");
    }
  }

  /** @param failures what could not be measured and why, a sentence each */
  BenchReport(Results results, List<Measure> measures, List<String> failures, Machine machine, String how) {
    this.results = results;
    this.measures = measures;
    this.failures = failures;
    this.machine = machine;
    this.how = how;
  }

  /** Whether everything that was asked for has been measured. */
  boolean whole() {
    return failures.isEmpty();
  }

  void print(PrintWriter out) {
    Table table = new Table().text("ROW", "SERVED BY").number("IOPS", "MEAN US", "CPU US", "RATIO").text("GOAL").number("CPU RATIO").text("GOAL");
    for (Row row : results.rows()) {
      for (String c : results.contestants(row)) table.row(cells(row, c).toArray());
    }
    if (!results.rows().isEmpty()) table.print(out, "");
    for (Measure m : measures) out.println(m.sentence());
    for (String f : failures) out.println(FAILED + f);
    out.println(machine.text());
  }

  private List<Object> cells(Row row, String contestant) {
    boolean own = contestant.equals(Results.OWN);
    boolean best = contestant.equals(results.bestPeer(row));
    List<Object> cells = new ArrayList<>();
    cells.add(row.title());
    cells.add(contestant + (best ? " *" : ""));
    cells.add(number(results.rate(row, contestant), 0));
    cells.add(number(results.median(row, contestant, Sample::meanMicros), 1));
    cells.add(number(results.median(row, contestant, Sample::cpuMicros), 2));
    double ratio = own ? results.ratio(row) : Double.NaN;
    double cpu = own ? results.cpuRatio(row, CPU_PEER) : Double.NaN;
    cells.add(number(ratio, 2) + (own ? spread(results.ratios(row)) : ""));
    cells.add(goal("≥ ", row.wanted(), ratio, ratio >= row.wanted()));
    cells.add(number(cpu, 2));
    cells.add(goal("≤ ", CPU_WANTED, cpu, cpu <= CPU_WANTED));
    return cells;
  }

  /** How far the rounds were apart: a median of rounds that disagree says little. */
  private static String spread(double[] ratios) {
    if (ratios.length < 2) return "";
    double[] sorted = ratios.clone();
    Arrays.sort(sorted);
    return " (" + number(sorted[0], 2) + "–" + number(sorted[sorted.length - 1], 2) + ")";
  }

  private static String goal(String relation, double wanted, double value, boolean met) {
    return Double.isNaN(value) ? "" : relation + number(wanted, 2) + (met ? " met" : " NOT MET");
  }

  /** For {@code docs/benchmarks.md}. */
  String markdown() {
    StringBuilder text = new StringBuilder("# Benchmarks\n\nMade by `sluice bench`; do not edit.\n\n");
    text.append("Measured on ").append(machine.text()).append(".\n\n").append(how).append("\n\n");
    text.append("Medians over the rounds. A star marks the best peer of a row; the ratio is the median of Sluice's rate to that peer's in the same\n");
    text.append("round, the least and the greatest of the rounds in brackets. CPU is what the serving processes use for one request, in user and kernel mode; fio's own is not in it. The CPU ratio is\n");
    text.append("Sluice's to ").append(CPU_PEER).append("'s in the same row.\n\n");
    text.append("| row | served by | IOPS | mean µs | CPU µs | ratio | goal | CPU ratio | goal |\n");
    text.append("| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | --- |\n");
    for (Row row : results.rows()) {
      for (String c : results.contestants(row)) {
        text.append('|');
        for (Object cell : cells(row, c)) text.append(' ').append(cell).append(" |");
        text.append('\n');
      }
    }
    if (!measures.isEmpty()) text.append('\n');
    for (Measure m : measures) text.append("- ").append(m.sentence()).append('\n');
    if (!failures.isEmpty()) text.append('\n');
    for (String f : failures) text.append("- ").append(FAILED).append(f).append('\n');
    return text.toString();
  }

  /** For {@code -o json}. */
  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("machine", machine.text());
    List<Object> rows = new ArrayList<>();
    for (Row row : results.rows()) {
      for (String c : results.contestants(row)) {
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("row", row.id());
        r.put("served_by", c);
        r.put("iops", results.rate(row, c));
        r.put("mean_us", results.median(row, c, Sample::meanMicros));
        r.put("cpu_us", results.median(row, c, Sample::cpuMicros));
        r.put("best_peer", c.equals(results.bestPeer(row)));
        if (c.equals(Results.OWN)) {
          r.put("ratio", results.ratio(row));
          r.put("ratios", Arrays.stream(results.ratios(row)).boxed().toList());
          r.put("wanted", row.wanted());
        } else if (results.contestants(row).contains(Results.OWN)) r.put("cpu_ratio", results.cpuRatio(row, c));
        rows.add(r);
      }
    }
    tree.put("rows", rows);
    List<Object> others = new ArrayList<>();
    for (Measure m : measures) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("title", m.title());
      one.put("value", m.value());
      one.put("unit", m.unit());
      one.put("at_most", m.most());
      others.add(one);
    }
    tree.put("measures", others);
    tree.put("not_measured", failures);
    return tree;
  }

  private static String number(double value, int decimals) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}
