package sluice.telemetry;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;

/** The Prometheus text exposition format, version 0.0.4. Pure. */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  /** Nanoseconds, from 16 µs to 17 s: ends of the histogram's own buckets, so that the counts are exact. */
  static final long[] BOUNDS = new long[21];

  static {
    for (int i = 0; i < BOUNDS.length; i++) BOUNDS[i] = (1L << (14 + i)) - 1;
  }

  private PrometheusText() {}

  static String checkName(String name) {
    if (!NAME.matcher(name).matches()) throw new IllegalArgumentException("not a metric's name: " + name);
    return name;
  }

  /** Labels as they stand between braces; empty for none. */
  static String labels(String name, Map<String, String> labels) {
    StringJoiner text = new StringJoiner(",");
    labels.forEach((label, value) -> {
      if (!LABEL.matcher(label).matches() || label.startsWith("__") || label.equals("le")) {
        throw new IllegalArgumentException("not a label of " + name + ": " + label);
      }
      text.add(label(label, value));
    });
    return text.toString();
  }

  static String label(String label, String value) {
    return label + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  static String write(List<Metrics.Family> families) {
    StringBuilder out = new StringBuilder(4096);
    for (Metrics.Family f : families) {
      out.append("# HELP ").append(f.name()).append(' ');
      out.append(f.help().replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
      out.append("# TYPE ").append(f.name()).append(' ').append(f.type().name().toLowerCase(java.util.Locale.ROOT)).append('\n');
      f.series().forEach((labels, value) -> series(out, f.name(), labels, value));
    }
    return out.toString();
  }

  private static void series(StringBuilder out, String name, String labels, Object value) {
    if (value instanceof Counter c) {
      line(out, name, labels, Long.toString(c.value()));
    } else if (value instanceof LatencyHistogram h) {
      histogram(out, name, labels, h);
    } else {
      double now;
      try {
        now = ((DoubleSupplier) value).getAsDouble();
      } catch (RuntimeException gone) {
        return;
      }
      line(out, name, labels, number(now));
    }
  }

  private static void histogram(StringBuilder out, String name, String labels, LatencyHistogram h) {
    long[] counts = new long[BOUNDS.length + 1];
    h.cumulative(BOUNDS, counts);
    String prefix = labels.isEmpty() ? "" : labels + ",";
    for (int i = 0; i < BOUNDS.length; i++) {
      line(out, name + "_bucket", prefix + "le=\"" + seconds(BOUNDS[i]) + "\"", Long.toString(counts[i]));
    }
    String total = Long.toString(counts[BOUNDS.length]);
    line(out, name + "_bucket", prefix + "le=\"+Inf\"", total);
    line(out, name + "_sum", labels, seconds(h.sumNanos()));
    line(out, name + "_count", labels, total);
  }

  private static void line(StringBuilder out, String name, String labels, String value) {
    out.append(name);
    if (!labels.isEmpty()) out.append('{').append(labels).append('}');
    out.append(' ').append(value).append('\n');
  }

  private static String seconds(long nanos) {
    return java.math.BigDecimal.valueOf(nanos, 9).stripTrailingZeros().toPlainString();
  }

  private static String number(double d) {
    if (Double.isNaN(d)) return "NaN";
    if (Double.isInfinite(d)) return d > 0 ? "+Inf" : "-Inf";
    return d == Math.rint(d) && Math.abs(d) < 1e15 ? Long.toString((long) d) : Double.toString(d);
  }
}
