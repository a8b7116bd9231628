package sluice.net;

/** Numbers heartbeats over all networks, and knows when each was first sent. Pure; bounded memory. */
final class Rounds {
  // Two minutes at ten a second: a lease is far shorter, so an answer to anything older renews nothing.
  private static final int REMEMBERED = 1024;

  private final long[] sentNanos = new long[REMEMBERED];
  private long newest;
  private long newestAcked;

  /** A new round, sent now. */
  long next(long nowNanos) {
    newest++;
    sentNanos[(int) (newest % REMEMBERED)] = nowNanos;
    return newest;
  }

  long newest() {
    return newest;
  }

  /** Was it ever sent? What was not cannot be answered. */
  boolean sent(long round) {
    return round >= 1 && round <= newest;
  }

  /** True if the answer tells something new: renew the lease from {@link #sentNanos}. */
  boolean acked(long round) {
    if (!sent(round) || round <= newestAcked || round <= newest - REMEMBERED) return false;
    newestAcked = round;
    return true;
  }

  /** Of a round for which {@link #acked} was true just now. */
  long sentNanos(long round) {
    return sentNanos[(int) (round % REMEMBERED)];
  }
}
