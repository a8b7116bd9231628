package sluice.core.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HostLeaseTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final HostLease lease = new HostLease();

  @Test
  void beforeTheFirstAnswerOnlyVolumesHeldAloneMayRun() {
    lease.granted(10 * SECOND);
    lease.asked(1, 0);
    assertFalse(lease.permits(true, 0));
    assertTrue(lease.permits(false, 0));
  }

  @Test
  void countsFromWhenItAskedNotFromWhenItWasAnswered() {
    lease.granted(10 * SECOND);
    lease.asked(1, 100 * SECOND);
    lease.answered(1);
    assertEquals(99 * SECOND / 10, lease.leftNanos(100 * SECOND));
    assertTrue(lease.permits(true, 109 * SECOND));
    assertFalse(lease.permits(true, 110 * SECOND));
    assertTrue(lease.permits(false, 1000 * SECOND));
  }

  @Test
  void aRoundCountsFromItsFirstSendingWhateverNetworkAnswers() {
    lease.granted(10 * SECOND);
    lease.asked(1, 0);
    lease.asked(1, 5 * SECOND);
    lease.answered(1);
    assertFalse(lease.permits(true, 10 * SECOND));
  }

  @Test
  void anOldOrUnknownAnswerExtendsNothing() {
    lease.granted(10 * SECOND);
    lease.asked(1, 0);
    lease.asked(2, SECOND);
    lease.answered(2);
    long left = lease.leftNanos(2 * SECOND);
    lease.answered(1);
    lease.answered(7);
    lease.answered(-3);
    assertEquals(left, lease.leftNanos(2 * SECOND));
    lease.asked(2 + HostLease.ROUNDS, 3 * SECOND);
    lease.answered(2);
    assertEquals(left, lease.leftNanos(2 * SECOND));
  }

  @Test
  void droppedMeansNothingIsHeldUntilTheNextAnswer() {
    lease.granted(10 * SECOND);
    lease.asked(1, 0);
    lease.answered(1);
    lease.dropped();
    assertFalse(lease.permits(true, SECOND));
    lease.asked(2, SECOND);
    lease.answered(2);
    assertTrue(lease.permits(true, 2 * SECOND));
  }

  @Test
  void hostStopsBeforeTheServerCountsItOutAsLongAsClocksDriftLessThanTheBound() {
    Random random = new Random(7);
    for (int run = 0; run < 10_000; run++) {
      HostLease host = new HostLease();
      long granted = SECOND + random.nextInt(60) * SECOND;
      // How many host nanoseconds pass in a real one: less than half a percent off, each, so less than 1 % between them.
      double hostRate = 1 + (random.nextDouble() - 0.5) * 0.0095;
      double serverRate = 1 + (random.nextDouble() - 0.5) * 0.0095;
      long askedReal = random.nextInt(1_000_000);
      long receivedReal = askedReal + random.nextInt(1_000_000_000);
      host.granted(granted);
      host.asked(1, (long) (askedReal * hostRate));
      host.answered(1);
      long serverEndsReal = (long) (receivedReal + granted / serverRate);
      assertFalse(host.permits(true, (long) (serverEndsReal * hostRate)), "run " + run);
    }
  }
}
