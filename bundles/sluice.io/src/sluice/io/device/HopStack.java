package sluice.io.device;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Requests on their way from one loop to another: pushed by one thread, taken all at once by another. Says when the
 * taker has to be woken. Allocates nothing.
 */
final class HopStack {
  private final AtomicReference<HopDevice.Hop> newest = new AtomicReference<>();

  /** True if the stack was empty: nobody has been told yet that there is something to take. */
  boolean push(HopDevice.Hop hop) {
    HopDevice.Hop top;
    do {
      top = newest.get();
      hop.nextHop = top;
    } while (!newest.compareAndSet(top, hop));
    return top == null;
  }

  /** All that was pushed, oldest first, linked by {@code nextHop}; null if there is nothing. */
  HopDevice.Hop takeAll() {
    HopDevice.Hop hop = newest.getAndSet(null);
    HopDevice.Hop oldest = null;
    while (hop != null) {
      HopDevice.Hop below = hop.nextHop;
      hop.nextHop = oldest;
      oldest = hop;
      hop = below;
    }
    return oldest;
  }
}
