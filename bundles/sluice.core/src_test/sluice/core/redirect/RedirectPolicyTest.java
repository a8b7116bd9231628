package sluice.core.redirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.api.route.RouteKind;
import sluice.core.redirect.RedirectPolicy.State;

class RedirectPolicyTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  /** Near the overflow, so that a comparison that forgets about it shows. */
  private long now = Long.MAX_VALUE - 1_000 * MS;
  private final RedirectPolicy policy = new RedirectPolicy(RedirectTimes.STANDARD, now);

  private void bothOpen() {
    policy.offered(now, RouteKind.SERVER, true, "");
    policy.offered(now, RouteKind.DIRECT, true, "");
  }

  private void pass(long ms) {
    now += ms * MS;
    policy.tick(now);
  }

  /** Lets time pass until a probe is due, and answers how many milliseconds it took. */
  private long untilProbe() {
    long passed = 0;
    while (!policy.takeProbe(now)) {
      long delay = policy.delayNanos(now);
      assertTrue(delay < RedirectPolicy.NEVER, "no probe is due, ever");
      now += Math.max(delay, MS);
      passed += Math.max(delay, MS) / MS;
      policy.tick(now);
    }
    return passed;
  }

  @Test
  void waitsUntilAWayIsThereAndSaysWhatIsMissing() {
    assertEquals(State.WAITING, policy.state());
    policy.offered(now, RouteKind.DIRECT, false, "disk d3: connection refused");
    assertEquals("disk d3: connection refused; the server route is not there", policy.reason(now));
    assertEquals(RedirectPolicy.NEVER, policy.delayNanos(now));
  }

  @Test
  void takesTheDirectWayAtOnceWhenItOpensForTheFirstTime() {
    policy.offered(now, RouteKind.SERVER, true, "");
    policy.offered(now, RouteKind.DIRECT, false, "opening");
    assertEquals(State.SERVER, policy.state());
    assertEquals("opening", policy.reason(now));
    policy.health(now, RouteKind.DIRECT, true, "");
    assertEquals(State.DIRECT, policy.state());
    assertEquals("", policy.reason(now));
  }

  @Test
  void aHardErrorLeavesTheDirectWayAndTheReasonSaysWhenItIsTriedAgain() {
    bothOpen();
    pass(10);
    policy.directFailed(now, "disk d3: the disk reported an I/O error on a write");
    assertEquals(State.SERVER, policy.state());
    assertEquals(now, policy.since());
    assertEquals("disk d3: the disk reported an I/O error on a write; retrying the direct way in 250 ms", policy.reason(now));
  }

  @Test
  void aMissedDeadlineLeavesTheDirectWayAndProbesAtOnce() {
    bothOpen();
    policy.directSlow(now, "disk d3: no answer in 2 s");
    assertEquals(State.SERVER, policy.state());
    assertTrue(policy.takeProbe(now));
    assertFalse(policy.takeProbe(now));
    assertEquals("disk d3: no answer in 2 s; trying the direct way now", policy.reason(now));
  }

  @Test
  void probesBackOffFrom250MillisecondsTo8Seconds() {
    bothOpen();
    policy.directFailed(now, "broken");
    long[] expected = {250, 250, 500, 1000, 2000, 4000, 8000, 8000};
    for (long ms : expected) {
      assertEquals(ms, untilProbe());
      policy.probed(now, false);
    }
    assertTrue(policy.reason(now).endsWith("in 8 s"), policy.reason(now));
  }

  @Test
  void threeGoodProbesOverASecondGoBack() {
    bothOpen();
    policy.directFailed(now, "broken");
    untilProbe();
    long first = now;
    policy.probed(now, true);
    untilProbe();
    policy.probed(now, true);
    assertEquals(State.SERVER, policy.state());
    untilProbe();
    policy.probed(now, true);
    assertEquals(State.DIRECT, policy.state());
    assertTrue(now - first >= 1000 * MS);
    assertEquals(RedirectPolicy.NEVER, policy.delayNanos(now));
  }

  @Test
  void twoGoodProbesAreTooFewHoweverFarApart() {
    bothOpen();
    policy.directFailed(now, "broken");
    untilProbe();
    policy.probed(now, true);
    pass(60_000);
    assertTrue(policy.takeProbe(now));
    policy.probed(now, true);
    assertEquals(State.SERVER, policy.state());
    untilProbe();
    policy.probed(now, true);
    assertEquals(State.DIRECT, policy.state());
  }

  @Test
  void aBadProbeBetweenGoodOnesStartsTheCountAgain() {
    bothOpen();
    policy.directFailed(now, "broken");
    boolean[] answers = {true, true, false, true, true};
    for (boolean answer : answers) {
      untilProbe();
      policy.probed(now, answer);
    }
    assertEquals(State.SERVER, policy.state());
    untilProbe();
    policy.probed(now, true);
    assertEquals(State.DIRECT, policy.state());
  }

  @Test
  void aProbeWithoutAnAnswerHasFailedAndItsLateAnswerCountsForNothing() {
    bothOpen();
    policy.directSlow(now, "hung");
    assertTrue(policy.takeProbe(now));
    pass(3000);
    policy.probed(now, true);
    untilProbe();
    policy.probed(now, true);
    untilProbe();
    policy.probed(now, true);
    assertEquals(State.SERVER, policy.state());
  }

  @Test
  void aWayThatFlapsHasToBeGoodForLongerEachTime() {
    bothOpen();
    long last = 0;
    for (int flap = 0; flap < 4; flap++) {
      policy.directFailed(now, "broken");
      long left = now;
      goBack();
      long away = now - left;
      assertTrue(away > last * 3 / 2, "flap " + flap + " took " + away / MS + " ms after " + last / MS);
      last = away;
    }
    pass(61_000);
    policy.directFailed(now, "broken");
    long left = now;
    goBack();
    assertTrue(now - left < 2000 * MS, "after a long good time it is quick again");
  }

  private void goBack() {
    while (policy.state() != State.DIRECT) {
      untilProbe();
      policy.probed(now, true);
    }
  }

  @Test
  void withdrawnAndBackIsNoFailure() {
    bothOpen();
    policy.withdrawn(now, RouteKind.DIRECT, "the direct-route bundle was stopped");
    assertEquals(State.SERVER, policy.state());
    assertEquals("the direct-route bundle was stopped", policy.reason(now));
    policy.offered(now, RouteKind.DIRECT, false, "opening");
    policy.health(now, RouteKind.DIRECT, true, "");
    assertEquals(State.DIRECT, policy.state());
  }

  @Test
  void withdrawnWhileDistrustedComesBackDistrusted() {
    bothOpen();
    policy.directFailed(now, "broken");
    policy.withdrawn(now, RouteKind.DIRECT, "the direct-route bundle was stopped");
    policy.offered(now, RouteKind.DIRECT, true, "");
    assertEquals(State.SERVER, policy.state());
    assertTrue(policy.takeProbe(now));
  }

  @Test
  void aWayThatClosesHasFailedAndIsProbedAsSoonAsItIsOpenAgain() {
    bothOpen();
    policy.health(now, RouteKind.DIRECT, false, "disk d3: connection refused by 127.0.0.1:10809");
    assertEquals("disk d3: connection refused by 127.0.0.1:10809", policy.reason(now));
    assertEquals(RedirectPolicy.NEVER, policy.delayNanos(now));
    policy.health(now, RouteKind.DIRECT, true, "");
    assertEquals(State.SERVER, policy.state());
    assertTrue(policy.takeProbe(now));
  }

  @Test
  void withoutAServerOneGoodProbeIsEnough() {
    policy.offered(now, RouteKind.DIRECT, true, "");
    policy.directFailed(now, "broken");
    assertEquals(State.WAITING, policy.state());
    untilProbe();
    policy.probed(now, true);
    assertEquals(State.DIRECT, policy.state());
  }

  @Test
  void withoutAServerASlowDiskThatAnswersAfterAllIsUsedAgain() {
    policy.offered(now, RouteKind.DIRECT, true, "");
    policy.directSlow(now, "no answer in 2 s");
    assertEquals(State.WAITING, policy.state());
    policy.directWorked(now);
    assertEquals(State.DIRECT, policy.state());
  }

  @Test
  void withAServerASingleAnswerOfTheDirectWayChangesNothing() {
    bothOpen();
    policy.directSlow(now, "no answer in 2 s");
    policy.directWorked(now);
    assertEquals(State.SERVER, policy.state());
  }

  @Test
  void aServerRouteThatFailsIsTriedAgainLessAndLessOften() {
    policy.offered(now, RouteKind.SERVER, true, "");
    long[] expected = {100, 200, 400, 800, 1600, 2000, 2000};
    for (long ms : expected) {
      policy.serverFailed(now, "the server does not answer");
      assertEquals(State.WAITING, policy.state());
      assertEquals(ms * MS, policy.delayNanos(now));
      pass(ms);
      assertEquals(State.SERVER, policy.state());
    }
    policy.serverWorked(now);
    policy.serverFailed(now, "again");
    assertEquals(100 * MS, policy.delayNanos(now));
  }

  @Test
  void manyFailuresOfOneVolleyCountOnce() {
    policy.offered(now, RouteKind.SERVER, true, "");
    for (int i = 0; i < 32; i++) policy.serverFailed(now, "cut");
    assertEquals(100 * MS, policy.delayNanos(now));
  }

  @Test
  void aServerThatIsOpenAgainIsUsedAtOnce() {
    policy.offered(now, RouteKind.SERVER, true, "");
    policy.serverFailed(now, "cut");
    policy.health(now, RouteKind.SERVER, false, "connecting");
    policy.health(now, RouteKind.SERVER, true, "");
    assertEquals(State.SERVER, policy.state());
  }
}
