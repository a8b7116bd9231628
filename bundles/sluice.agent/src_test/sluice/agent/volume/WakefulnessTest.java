package sluice.agent.volume;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WakefulnessTest {
  private static final long S = 1_000_000_000L;
  private final Wakefulness w = new Wakefulness(0);

  @Test
  void whoRunsNeedsNoServer() {
    for (long t = 1; t < 1000; t++) assertFalse(w.tick(t * S));
  }

  @Test
  void whoSleptForALeaseAsksFirst() {
    w.answered(S, 9 * S);
    assertTrue(w.tick(12 * S));
    assertTrue(w.tick(13 * S), "until it is answered");
    w.answered(14 * S, 22 * S);
    assertFalse(w.tick(15 * S));
  }

  @Test
  void anAnswerToWhatWasAskedBeforeSleepingIsNone() {
    w.answered(20 * S, 9 * S);
    assertTrue(w.tick(21 * S));
  }

  @Test
  void theAnswerMayBeTheFirstThingThatIsSeenAfterWaking() {
    w.answered(5 * S, 13 * S);
    w.answered(30 * S, 29 * S);
    assertTrue(w.tick(30 * S));
    w.answered(31 * S, 39 * S);
    assertFalse(w.tick(31 * S));
  }

  @Test
  void aLongerLeaseMakesMorePatient() {
    w.answered(S, 31 * S);
    assertFalse(w.tick(25 * S));
    assertTrue(w.tick(60 * S));
  }
}
