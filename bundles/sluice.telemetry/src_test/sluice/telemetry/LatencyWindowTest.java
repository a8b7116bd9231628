package sluice.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LatencyWindowTest {
  private final LatencyHistogram reads = new LatencyHistogram();
  private final LatencyHistogram writes = new LatencyHistogram();
  private final LatencyWindow window = new LatencyWindow(reads, writes);

  @Test
  void aWindowTellsOfWhatCameSinceTheLastOneOnly() {
    for (int i = 0; i < 100; i++) reads.record(1_000_000);
    assertEquals(100, window.next().requests());
    for (int i = 0; i < 98; i++) writes.record(10_000);
    writes.record(5_000_000);
    reads.record(5_000_000);
    LatencyWindow.Summary s = window.next();
    assertEquals(100, s.requests());
    assertTrue(s.p50Nanos() >= 10_000 && s.p50Nanos() < 11_000, s.toString());
    assertTrue(s.p99Nanos() >= 5_000_000 && s.p99Nanos() < 5_400_000, s.toString());
    assertEquals(LatencyWindow.Summary.NOTHING, window.next());
  }
}
