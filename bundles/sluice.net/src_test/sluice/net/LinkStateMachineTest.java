package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.net.LinkStateMachine.Action;
import sluice.net.LinkStateMachine.State;

class LinkStateMachineTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long BEAT = 1000 * MS;

  // Near the end of nanoTime's range, so that only differences may be compared.
  private long now = Long.MAX_VALUE - 20_000 * MS;
  private final LinkStateMachine link = new LinkStateMachine(new Random(1), now);

  @Test
  void connectsAtOnce() {
    assertEquals(Action.CONNECT, link.tick(now));
    assertEquals(State.CONNECTING, link.state());
  }

  @Test
  void waitsTwiceAsLongAfterEachFailureAndFiveSecondsAtMost() {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) delays.add(failOnce() / MS);
    long full = 100;
    for (long delay : delays) {
      assertTrue(delay >= full / 2 - 1 && delay <= full, delay + " of " + full);
      full = Math.min(2 * full, 5000);
    }
  }

  @Test
  void twoHostsDoNotComeBackTogether() {
    LinkStateMachine other = new LinkStateMachine(new Random(2), now);
    link.tick(now);
    other.tick(now);
    link.failed(now, "cut");
    other.failed(now, "cut");
    assertFalse(link.wakeAt() == other.wakeAt());
  }

  @Test
  void aLinkThatStayedUpComesBackFastAndOneThatFlapsDoesNot() {
    for (int i = 0; i < 8; i++) failOnce();
    link.tick(now);
    link.welcomed(now, BEAT);
    advance(10 * MS);
    link.failed(now, "flapped");
    assertTrue(link.wakeAt() - now >= 2000 * MS);

    now = link.wakeAt();
    link.tick(now);
    link.welcomed(now, BEAT);
    advance(6000 * MS);
    link.failed(now, "cut after a good while");
    assertTrue(link.wakeAt() - now <= 100 * MS);
  }

  @Test
  void aGreetingThatTakesTooLongIsGivenUp() {
    link.tick(now);
    advance(LinkStateMachine.GREETING_NANOS - 1);
    assertEquals(Action.NONE, link.tick(now));
    advance(1);
    assertEquals(Action.DISCONNECT, link.tick(now));
    assertEquals("no answer within 10 s", link.reason());
  }

  @Test
  void aLinkOverWhichOtherThingsComeIsAliveThoughItsAnswersAreLate() {
    up();
    link.beatSent(now);
    advance(2 * BEAT);
    link.heard(now);
    advance(3 * BEAT - 1);
    assertEquals(Action.NONE, link.tick(now));
    assertFalse(link.answering(now));
    advance(1);
    assertEquals(Action.DISCONNECT, link.tick(now));
  }

  @Test
  void aLinkThatDoesNotAnswerThreeHeartbeatsIsTornDownAndSaysSo() {
    up();
    link.beatSent(now);
    for (int i = 0; i < 2; i++) {
      advance(BEAT);
      assertEquals(Action.NONE, link.tick(now));
      link.beatSent(now);
    }
    advance(BEAT - 1);
    assertEquals(Action.NONE, link.tick(now));
    advance(1);
    assertEquals(Action.DISCONNECT, link.tick(now));
    assertEquals("no answer to heartbeats for 3 s", link.reason());
    assertEquals(State.WAITING, link.state());
  }

  @Test
  void anyAnswerKeepsALinkUpAlsoIfItIsLate() {
    up();
    for (int i = 0; i < 100; i++) {
      link.beatSent(now);
      advance(2 * BEAT);
      assertEquals(Action.NONE, link.tick(now));
      link.acked(now, false);
    }
    assertTrue(link.up());
  }

  @Test
  void withoutAHeartbeatNothingIsWaitedFor() {
    up();
    advance(100 * BEAT);
    assertEquals(Action.NONE, link.tick(now));
    assertTrue(link.up());
  }

  @Test
  void aLinkWithAnOverdueAnswerIsNotPreferredBeforeItIsTornDown() {
    up();
    link.beatSent(now);
    assertTrue(link.answering(now + BEAT));
    assertFalse(link.answering(now + 2 * BEAT));
    link.acked(now + 2 * BEAT, true);
    assertTrue(link.answering(now + 2 * BEAT));
  }

  @Test
  void aRefusedLinkAsksAgainRarely() {
    link.tick(now);
    link.refused(now, "refused");
    assertTrue(link.wakeAt() - now >= 2500 * MS);
  }

  @Test
  void aClosedLinkDoesNothingEverAgain() {
    up();
    assertEquals(Action.DISCONNECT, link.close("closed"));
    advance(1_000_000 * MS);
    assertEquals(Action.NONE, link.tick(now));
    assertEquals(Action.NONE, link.failed(now, "late"));
    assertEquals(State.CLOSED, link.state());
  }

  private void up() {
    link.tick(now);
    link.welcomed(now, BEAT);
    assertEquals("", link.reason());
  }

  private long failOnce() {
    now = link.wakeAt();
    assertEquals(Action.CONNECT, link.tick(now));
    link.failed(now, "connection refused");
    return link.wakeAt() - now;
  }

  private void advance(long nanos) {
    now += nanos;
  }
}
