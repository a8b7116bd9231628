package sluice.agent.router;

import sluice.api.block.IoLoop;

/** A wheel of requests that turns only while there is something in it. */
final class Deadlines {
  private static final int WHEEL_SLOTS = 256;

  private final IoLoop loop;
  private final long tick;
  private final TimerWheel wheel;
  private final Runnable turn = this::turn;
  private boolean turning;

  Deadlines(IoLoop loop, long tickNanos) {
    this.loop = loop;
    tick = tickNanos;
    wheel = new TimerWheel(tickNanos, WHEEL_SLOTS, loop.nanoTime());
  }

  void start(RoutedIo io, long nanos) {
    long now = loop.nanoTime();
    wheel.add(io, now + nanos, now);
    if (turning) return;
    turning = true;
    loop.schedule(tick, turn);
  }

  /** Nothing happens if it has none. */
  void stop(RoutedIo io) {
    wheel.remove(io);
  }

  private void turn() {
    wheel.advance(loop.nanoTime());
    turning = !wheel.isEmpty();
    if (turning) loop.schedule(tick, turn);
  }
}
