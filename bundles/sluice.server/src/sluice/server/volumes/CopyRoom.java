package sluice.server.volumes;

import java.util.ArrayDeque;

/**
 * How many chunks may be copied on one loop at once, by all copies together, so that the recovery of a thousand volumes
 * takes no more memory than that of a few. Those who find no room are called in turn. On the loop.
 */
final class CopyRoom {
  /** Chunks of {@link LegCopier#CHUNK}. */
  static final int MOST = 16;

  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private int taken;

  /** @param later called once when it may be worth trying again, if there is no room now */
  boolean take(Runnable later) {
    if (taken < MOST) {
      taken++;
      return true;
    }
    waiting.add(later);
    return false;
  }

  void giveBack() {
    taken--;
    // One that does not want the room any more must not keep those behind it waiting.
    while (taken < MOST && !waiting.isEmpty()) waiting.poll().run();
  }
}
