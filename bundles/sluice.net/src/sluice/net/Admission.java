package sluice.net;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;
import sluice.api.security.UnprovenPeers;

/** How many connections one listening address has, and how many of them have proven nothing yet. Any thread. */
final class Admission {
  private final ServerLimits limits;
  private final AtomicInteger all = new AtomicInteger();
  private final UnprovenPeers unproven;

  Admission(ServerLimits limits) {
    this.limits = limits;
    unproven = new UnprovenPeers(limits.unauthenticated());
  }

  /** For a new connection, or null: there are too many, and this one is not counted. */
  Place enter(InetAddress source) {
    if (all.incrementAndGet() > limits.connections()) {
      all.decrementAndGet();
      return null;
    }
    if (!unproven.enter(source)) {
      all.decrementAndGet();
      return null;
    }
    return new Place(source);
  }

  /** One connection's; its owner's thread. */
  final class Place {
    private final InetAddress source;
    private boolean proven;

    private Place(InetAddress source) {
      this.source = source;
    }

    /** It got its Welcome. */
    void proven() {
      proven = true;
      unproven.leave(source);
    }

    void leave() {
      all.decrementAndGet();
      if (!proven) unproven.leave(source);
    }
  }
}
