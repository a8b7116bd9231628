package sluice.telemetry;

import java.util.concurrent.atomic.LongAdder;

/** A number that only grows, from the start of the program. Any thread; adding allocates nothing and takes no lock. */
public final class Counter {
  private final LongAdder sum = new LongAdder();

  Counter() {}

  public void increment() {
    sum.increment();
  }

  /** @param amount not negative, in the unit that the metric's name ends with */
  public void add(long amount) {
    sum.add(amount);
  }

  public long value() {
    return sum.sum();
  }
}
