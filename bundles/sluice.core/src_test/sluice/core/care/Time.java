package sluice.core.care;

import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time: what is to happen, in order. One seed draws all delays. */
final class Time {
  static final long MS = 1_000_000;

  private record Due(long at, long number, Runnable what) {}

  private final PriorityQueue<Due> due =
      new PriorityQueue<>((a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));
  private long number;
  final Random random;
  long now = 1_000 * MS;

  Time(long seed) {
    random = new Random(seed);
  }

  void after(long nanos, Runnable what) {
    due.add(new Due(now + nanos, ++number, what));
  }

  /** Between the two, in milliseconds. */
  long ms(int least, int most) {
    return (least + random.nextInt(most - least + 1)) * MS;
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  void run(long ms) {
    long end = now + ms * MS;
    int steps = 0;
    while (!due.isEmpty() && due.peek().at <= end) {
      Due next = due.remove();
      now = Math.max(now, next.at);
      next.what.run();
      if (++steps > 5_000_000) throw new AssertionError("it runs in circles");
    }
    now = end;
  }
}
