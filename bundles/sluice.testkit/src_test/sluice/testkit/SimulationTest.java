package sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Holes;

/** Many seeds, each a cluster with everything that can happen to it. A seed that fails becomes a named test here. */
class SimulationTest {
  private static final long SEEDS = 500;

  @Test
  void fiveHundredSeedsBreakNoRule() throws InterruptedException {
    Simulate.Totals totals = Simulate.run(1, SEEDS, Flaw.NONE, Holes.LEFT_OUT);
    assertNull(totals.broken, () -> Simulate.report(totals.broken, Flaw.NONE, Holes.LEFT_OUT));
    assertEquals(SEEDS, totals.runs);
    assertTrue(totals.writes > 100 * SEEDS, () -> "the workload is too small to show anything: " + totals.writes + " writes");
  }

  @Test
  void aSeedIsTheSameRunEachTime() {
    for (long seed = 1; seed <= 8; seed++) {
      Run.Outcome once = Run.of(seed, Flaw.NONE, Holes.LEFT_OUT, false);
      Run.Outcome traced = Run.of(seed, Flaw.NONE, Holes.LEFT_OUT, true);
      assertEquals(once.digest(), traced.digest(), "seed " + seed);
      assertEquals(once.events(), traced.events(), "seed " + seed);
    }
  }
}
