package sluice.console.core.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import sluice.console.core.rates.Series;
import sluice.console.core.view.ObjectKey;
import sluice.protocol.v1.Event;

/** Curves over time, thinned to what a screen can show, with marks where something happened. Pure. */
public final class Charts {
  /**
   * One curve.
   *
   * @param unit of its values
   * @param times ms, growing
   * @param low least of what was at that time
   * @param high most of it
   * @param top upper end of the axis, a round number
   */
  public record Curve(String name, String unit, double[] times, double[] low, double[] high, double top) {}

  /** @param kind "failure", "redirect", "commit" or "other" */
  public record Mark(long timeMs, String kind, String text) {}

  /** Curves with one time axis. */
  public record Chart(long fromMs, long toMs, List<Curve> curves, List<Mark> marks, Table table) {}

  private Charts() {}

  /** A volume's or host's performance; the last columns are as many as pixels. */
  public static Chart performance(Series.Point[] points, List<Event> events, ObjectKey about, int pixels) {
    long from = points.length == 0 ? 0 : points[0].timeMs();
    long to = points.length == 0 ? 0 : points[points.length - 1].timeMs();
    List<Curve> curves = List.of(curve("IOPS", "/s", points, Series.Point::iops, pixels), curve("Throughput", "B/s", points, Series.Point::bytesPerSecond, pixels),
        curve("p50 latency", "µs", points, Series.Point::p50Us, pixels), curve("p99 latency", "µs", points, Series.Point::p99Us, pixels),
        curve("Redirected", "/s", points, Series.Point::redirectedPerSecond, pixels));
    List<List<String>> rows = new ArrayList<>();
    for (Series.Point p : points) {
      rows.add(List.of(String.valueOf(p.timeMs()), number(p.readsPerSecond()), number(p.writesPerSecond()), number(p.readBytesPerSecond()), number(p.writtenBytesPerSecond()),
          number(p.redirectedPerSecond()), number(p.p50Us()), number(p.p99Us())));
    }
    Table table = new Table(List.of("time_ms", "reads_per_s", "writes_per_s", "read_bytes_per_s", "written_bytes_per_s", "redirected_per_s", "p50_us", "p99_us"), rows);
    return new Chart(from, to, curves, marks(events, about, from, to), table);
  }

  /** A recovery's rate over time. @param points as {@link sluice.console.core.rates.Rates#task} gives them */
  public static Chart recovery(double[][] points, int pixels) {
    double[] times = new double[points.length];
    double[] values = new double[points.length];
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      times[i] = points[i][0];
      values[i] = points[i][1];
      rows.add(List.of(String.valueOf((long) points[i][0]), String.valueOf((long) points[i][1]), String.valueOf((long) points[i][2])));
    }
    long from = points.length == 0 ? 0 : (long) times[0];
    long to = points.length == 0 ? 0 : (long) times[points.length - 1];
    return new Chart(from, to, List.of(thin("Rate", "B/s", times, values, pixels)), List.of(), new Table(List.of("time_ms", "bytes_per_s", "done_bytes"), rows));
  }

  /** What happened to the object in that time. */
  public static List<Mark> marks(List<Event> events, ObjectKey about, long fromMs, long toMs) {
    List<Mark> found = new ArrayList<>();
    for (Event e : events) {
      if (e.getTimeMs() < fromMs || e.getTimeMs() > toMs || !e.getObjectsList().contains(about.id())) continue;
      found.add(new Mark(e.getTimeMs(), kind(e.getKind()), e.getText()));
    }
    return found;
  }

  private static String kind(String event) {
    if (event.startsWith("route")) return "redirect";
    if (event.contains("offline") || event.contains("stale") || event.contains("wrong") || event.contains("fail")) return "failure";
    if (event.startsWith("leg") || event.startsWith("volume") || event.contains("layout")) return "commit";
    return "other";
  }

  private static String number(float f) {
    return Float.isNaN(f) ? "" : String.format(Locale.ROOT, "%.1f", f);
  }

  private static Curve curve(String name, String unit, Series.Point[] points, ToDoubleFunction<Series.Point> value, int pixels) {
    double[] times = new double[points.length];
    double[] values = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      times[i] = points[i].timeMs();
      values[i] = value.applyAsDouble(points[i]);
    }
    return thin(name, unit, times, values, pixels);
  }

  /** At most as many columns as pixels, each with its least and most: a spike is never thinned away. NaN stays a gap. */
  static Curve thin(String name, String unit, double[] times, double[] values, int pixels) {
    int columns = Math.max(1, Math.min(pixels, times.length));
    if (times.length == 0) columns = 0;
    double[] t = new double[columns];
    double[] low = new double[columns];
    double[] high = new double[columns];
    double most = 0;
    for (int c = 0; c < columns; c++) {
      int from = (int) ((long) c * times.length / columns);
      int to = Math.max(from + 1, (int) ((long) (c + 1) * times.length / columns));
      t[c] = times[from];
      low[c] = high[c] = Double.NaN;
      for (int i = from; i < to; i++) {
        if (Double.isNaN(values[i])) continue;
        low[c] = Double.isNaN(low[c]) ? values[i] : Math.min(low[c], values[i]);
        high[c] = Double.isNaN(high[c]) ? values[i] : Math.max(high[c], values[i]);
        most = Math.max(most, values[i]);
      }
    }
    return new Curve(name, unit, t, low, high, round(most));
  }

  /** 1, 2 or 5 times a power of ten, not less than the value. */
  static double round(double value) {
    if (value <= 0) return 1;
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double f : new double[] {1, 2, 5, 10}) if (f * power >= value * (1 - 1e-9)) return f * power;
    return 10 * power;
  }
}
