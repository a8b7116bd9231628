package sluice.agent.volume;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.telemetry.Metrics;

class VolumeCountersTest {
  @Test
  void everySeriesSaysWhichVolumeByNameAndId() {
    Metrics metrics = new Metrics();
    VolumeCounters counters = new VolumeCounters(metrics, "id-1", "mail", () -> {});
    counters.completed(BlockOp.READ, 4096, 1_000, IoError.OK);
    counters.redirected("error");
    String text = metrics.text();
    assertTrue(text.contains("sluice_agent_reads_total{volume=\"mail\",volume_id=\"id-1\"} 1"), text);
    for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
      assertTrue(line.contains("volume=\"mail\"") && line.contains("volume_id=\"id-1\""), line);
    }
    counters.forget();
    assertFalse(metrics.text().contains("mail"), metrics.text());
  }
}
