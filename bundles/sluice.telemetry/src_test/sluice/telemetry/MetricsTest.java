package sluice.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @Test
  void aCounterIsWrittenWithItsHelpTypeAndLabels() {
    metrics.counter("sluice_read_bytes_total", "Bytes read.", "volume", "db1", "route", "direct").add(4096);
    assertEquals("""
        # HELP sluice_read_bytes_total Bytes read.
        # TYPE sluice_read_bytes_total counter
        sluice_read_bytes_total{volume="db1",route="direct"} 4096
        """, metrics.text());
  }

  @Test
  void quotesBackslashesAndLineEndsInLabelsAndHelpAreEscaped() {
    metrics.gauge("g", "a\\b\nc", () -> 1.5, "path", "C:\\\"x\"\n");
    assertEquals("# HELP g a\\\\b\\nc\n# TYPE g gauge\ng{path=\"C:\\\\\\\"x\\\"\\n\"} 1.5\n", metrics.text());
  }

  @Test
  void aHistogramIsWrittenInSecondsCumulativeAndExactAtItsBounds() {
    LatencyHistogram h = metrics.latency("t_seconds", "Time.");
    h.record((1L << 20) - 1);
    h.record(1L << 20);
    h.record(3_000_000_000L);
    List<String> lines = metrics.text().lines().toList();
    assertTrue(lines.contains("t_seconds_bucket{le=\"0.000524287\"} 0"), lines::toString);
    assertTrue(lines.contains("t_seconds_bucket{le=\"0.001048575\"} 1"), lines::toString);
    assertTrue(lines.contains("t_seconds_bucket{le=\"0.002097151\"} 2"), lines::toString);
    assertTrue(lines.contains("t_seconds_bucket{le=\"17.179869183\"} 3"), lines::toString);
    assertTrue(lines.contains("t_seconds_bucket{le=\"+Inf\"} 3"), lines::toString);
    assertTrue(lines.contains("t_seconds_sum 3.002097151"), lines::toString);
    assertTrue(lines.contains("t_seconds_count 3"), lines::toString);
  }

  @Test
  void aTimeLongerThanTheLastBoundCountsOnlyInInfinity() {
    metrics.latency("t_seconds", "Time.").record(60_000_000_000L);
    List<String> lines = metrics.text().lines().toList();
    assertTrue(lines.contains("t_seconds_bucket{le=\"17.179869183\"} 0"), lines::toString);
    assertTrue(lines.contains("t_seconds_bucket{le=\"+Inf\"} 1"), lines::toString);
  }

  @Test
  void askingAgainGivesTheSameCounter() {
    assertSame(metrics.counter("c_total", "C.", "a", "1"), metrics.counter("c_total", "C.", "a", "1"));
  }

  @Test
  void theNewestGaugeCounts() {
    metrics.gauge("g", "G.", () -> 1);
    metrics.gauge("g", "G.", () -> 2);
    assertTrue(metrics.text().endsWith("\ng 2\n"), metrics.text());
  }

  @Test
  void aGaugeThatFailsIsLeftOutAndTheOthersAreThere() {
    metrics.gauge("a", "A.", () -> {
      throw new IllegalStateException("closed");
    });
    metrics.gauge("b", "B.", () -> Double.POSITIVE_INFINITY);
    assertTrue(metrics.text().endsWith("# TYPE a gauge\n# HELP b B.\n# TYPE b gauge\nb +Inf\n"), metrics.text());
  }

  @Test
  void aForgottenVolumeIsNoLongerShownAndItsNeighbourIs() {
    metrics.counter("c_total", "C.", "volume", "v1", "route", "direct");
    metrics.counter("c_total", "C.", "route", "direct", "volume", "v1");
    metrics.counter("c_total", "C.", "volume", "v11", "route", "direct");
    metrics.gauge("g", "G.", () -> 1, "volume", "v1");
    metrics.forget("volume", "v1");
    String text = metrics.text();
    assertFalse(text.contains("\"v1\""), text);
    assertFalse(text.contains("# TYPE g"), text);
    assertTrue(text.contains("\"v11\""), text);
  }

  @Test
  void atTheBoundANewSeriesCountsButIsNotShown() {
    for (int i = 0; i < Metrics.MAX_SERIES; i++) metrics.counter("c_total", "C.", "n", Integer.toString(i));
    Counter more = metrics.counter("more_total", "M.");
    more.increment();
    assertEquals(1, more.value());
    assertFalse(metrics.text().contains("more_total"));
    metrics.forget("n", "0");
    metrics.counter("more_total", "M.");
    assertTrue(metrics.text().contains("more_total 0"));
  }

  @Test
  void malformedNamesAndLabelsAndMixedTypesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("1x", ""));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("x y", ""));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("x", "", "le", "1"));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("x", "", "a-b", "1"));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("x", "", "a"));
    assertThrows(IllegalArgumentException.class, () -> metrics.counter("x", "", "a", "1", "a", "2"));
    metrics.counter("x", "");
    assertThrows(IllegalArgumentException.class, () -> metrics.gauge("x", "", () -> 1));
  }
}
