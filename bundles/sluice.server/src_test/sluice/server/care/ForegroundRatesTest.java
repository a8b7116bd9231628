package sluice.server.care;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.IoCounters;

class ForegroundRatesTest {
  private static final long S = 1_000_000_000L;
  private final ForegroundRates rates = new ForegroundRates();

  private void heard(String host, long bytes, long now) {
    rates.heard(host, IoCounters.newBuilder().setReadBytes(bytes / 2).setWrittenBytes(bytes - bytes / 2).build(), now);
  }

  @Test
  void theRateIsThatOfAllHostsTogetherBetweenTheirHeartbeats() {
    heard("a", 1000, 0);
    heard("b", 0, 0);
    assertEquals(0, rates.bytesPerSecond(0));
    heard("a", 5000, 2 * S);
    heard("b", 100, S);
    assertEquals(2100, rates.bytesPerSecond(2 * S));
  }

  @Test
  void theSameHeartbeatOverAnotherNetworkAnAgentThatStartsAnewAndOneThatFallsSilentAreNoIo() {
    heard("a", 1000, 0);
    heard("a", 3000, S);
    heard("a", 3000, S + 1);
    assertEquals(2000, rates.bytesPerSecond(S));
    heard("a", 10, 2 * S);
    assertEquals(0, rates.bytesPerSecond(2 * S));
    heard("a", 1010, 3 * S);
    assertEquals(1000, rates.bytesPerSecond(4 * S));
    assertEquals(0, rates.bytesPerSecond(30 * S));
  }
}
