package sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Holes;

/** The simulator can fail: each rule, broken on purpose, is noticed. */
class FlawTest {
  /** The promise; most are found by one of the first few. */
  private static final long SEEDS = 1_000;

  // Those left out need two rare things within milliseconds of each other: KilledChangeTest makes them happen.
  @ParameterizedTest
  @EnumSource(value = Flaw.class, names = {"NONE", "FINISHES_UNFLUSHED", "LETS_WRITES_OUTLIVE_THE_LEASE", "ACKNOWLEDGES_UNSTABLE",
      "SERVES_BEFORE_HEARING"}, mode = EnumSource.Mode.EXCLUDE)
  void aRuleThatIsBrokenOnPurposeIsNoticed(Flaw flaw) throws InterruptedException {
    Simulate.Totals totals = Simulate.run(1, SEEDS, flaw, Holes.LEFT_OUT);
    assertNotNull(totals.broken, () -> "not noticed in " + SEEDS + " seeds: " + flaw.text());
    assertTrue(totals.broken.cause() == null, () -> "a rule is to be broken, not the program: " + Simulate.report(totals.broken, flaw, Holes.LEFT_OUT));
  }
}
