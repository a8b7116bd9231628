package sluice.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for what other processes do. The bound only says when to give up; no test asserts how long anything took. */
final class Await {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long POLL_NANOS = 50_000_000;

  private Await() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  static void until(String what, Condition condition) {
    until(LONG, () -> what, condition);
  }

  static void until(Duration bound, Supplier<String> what, Condition condition) {
    long end = System.nanoTime() + bound.toNanos();
    Throwable last = null;
    while (true) {
      try {
        if (condition.holds()) return;
      } catch (Exception | AssertionError e) {
        last = e;
      }
      if (System.nanoTime() > end) throw new AssertionError("not within " + bound + ": " + what.get(), last);
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
