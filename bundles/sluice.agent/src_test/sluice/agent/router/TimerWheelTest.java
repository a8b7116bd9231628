package sluice.agent.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private static final class Alarm extends TimerWheel.Node {
    long due;
    boolean rang;
    long at;

    @Override
    void expired(long now) {
      rang = true;
      at = now;
    }
  }

  @Test
  void everyNodeExpiresOnceNeverEarlyAndAtMostATickAndAStepLate() {
    Random random = new Random(3);
    long base = Long.MAX_VALUE - 500;
    TimerWheel wheel = new TimerWheel(10, 16, base);
    List<Alarm> alarms = new ArrayList<>();
    long now = 0;
    for (int i = 0; i < 20_000; i++) {
      Alarm alarm = new Alarm();
      alarm.due = now + 1 + random.nextInt(900);
      wheel.add(alarm, base + alarm.due, base + now);
      if (random.nextInt(3) == 0) wheel.remove(alarm);
      else alarms.add(alarm);
      int step = random.nextInt(25);
      now += step;
      wheel.advance(base + now);
      for (Alarm a : alarms) if (!a.rang) assertTrue(a.due + 10 >= now, a.due + " is late at " + now);
      for (Alarm a : alarms) if (a.rang) assertTrue(a.at - base >= a.due, a.due + " was early");
      alarms.removeIf(a -> a.rang);
    }
    wheel.advance(base + now + 1000);
    wheel.advance(base + now + 2000);
    assertTrue(wheel.isEmpty());
  }

  @Test
  void aLongSleepExpiresAllThatIsDue() {
    TimerWheel wheel = new TimerWheel(10, 16, 0);
    Alarm near = new Alarm();
    Alarm far = new Alarm();
    wheel.add(near, 35, 0);
    wheel.add(far, 100_000, 0);
    wheel.advance(50_000);
    assertEquals(50_000, near.at);
    assertFalse(far.rang);
    wheel.advance(99_999);
    assertFalse(far.rang);
    for (long t = 100_000; t < 100_200; t += 10) wheel.advance(t);
    assertTrue(far.rang);
  }
}
