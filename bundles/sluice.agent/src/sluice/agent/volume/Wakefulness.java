package sluice.agent.volume;

import java.util.concurrent.TimeUnit;

/**
 * Notices that this program was stopped for longer than a lease: by a signal, with its virtual machine, by a debugger. Who holds
 * a volume alone goes on without a server (invariant 2), but an administrator who has seen nothing of a host for so long may
 * have declared it dead. So whoever wakes up asks the server before the first write. Pure; one owner.
 */
final class Wakefulness {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

  private long patience = PATIENCE;
  private long last;
  private boolean slept;

  Wakefulness(long now) {
    last = now;
  }

  /** Every second or so. @return whether it has slept and not been answered since */
  boolean tick(long now) {
    if (now - last >= patience) slept = true;
    last = now;
    return slept;
  }

  /** The server has answered. @param leaseEnds of the lease that the answer gives, counted from when it was asked for */
  void answered(long now, long leaseEnds) {
    patience = Math.max(patience, leaseEnds - now);
    // What was asked before it slept gives no lease any more: it slept for longer than one.
    if (tick(now) && leaseEnds - now > 0) slept = false;
  }

  /** Until when requests may start if nothing is heard of this meanwhile. */
  long until(long now) {
    return now + patience;
  }
}
