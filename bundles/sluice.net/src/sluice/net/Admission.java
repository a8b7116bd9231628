package sluice.net;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections one listening address has, and how many of them have proven nothing yet. Any thread. */
final class Admission {
  private final ServerLimits limits;
  private final AtomicInteger all = new AtomicInteger();
  private final AtomicInteger unproven = new AtomicInteger();

  Admission(ServerLimits limits) {
    this.limits = limits;
  }

  /** A new connection; false: there are too many, and this one is not counted. */
  boolean enter() {
    if (all.incrementAndGet() > limits.connections()) {
      all.decrementAndGet();
      return false;
    }
    if (unproven.incrementAndGet() > limits.unauthenticated()) {
      unproven.decrementAndGet();
      all.decrementAndGet();
      return false;
    }
    return true;
  }

  /** It got its Welcome. */
  void proven() {
    unproven.decrementAndGet();
  }

  void leave(boolean proven) {
    all.decrementAndGet();
    if (!proven) unproven.decrementAndGet();
  }
}
