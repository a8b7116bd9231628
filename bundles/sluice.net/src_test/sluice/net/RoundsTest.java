package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RoundsTest {
  private final Rounds rounds = new Rounds();

  @Test
  void aLeaseCountsFromWhenItsRoundWasSentNotFromTheAnswer() {
    long round = rounds.next(1_000);
    rounds.next(2_000);
    assertTrue(rounds.acked(round));
    assertEquals(1_000, rounds.sentNanos(round));
  }

  @Test
  void anAnswerOverASecondNetworkRenewsNothing() {
    long round = rounds.next(1_000);
    assertTrue(rounds.acked(round));
    assertFalse(rounds.acked(round));
  }

  @Test
  void aLateAnswerToAnOlderRoundRenewsNothing() {
    long old = rounds.next(1_000);
    long young = rounds.next(2_000);
    assertTrue(rounds.acked(young));
    assertFalse(rounds.acked(old));
  }

  @Test
  void whatWasNeverSentIsNotAnswered() {
    assertFalse(rounds.acked(0));
    assertFalse(rounds.acked(1));
    rounds.next(1);
    assertFalse(rounds.acked(2));
    assertFalse(rounds.acked(-1));
  }

  @Test
  void aRoundOlderThanWhatIsRememberedRenewsNothing() {
    long old = rounds.next(1);
    for (int i = 0; i < 1024; i++) rounds.next(100 + i);
    assertFalse(rounds.acked(old));
    assertTrue(rounds.acked(old + 1));
    assertEquals(100, rounds.sentNanos(old + 1));
  }
}
