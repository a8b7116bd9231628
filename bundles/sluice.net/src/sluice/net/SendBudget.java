package sluice.net;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that were given to a connection and not yet taken by its peer. Any thread. */
final class SendBudget {
  private final long limit;
  private final AtomicLong waiting = new AtomicLong();

  SendBudget(long limitBytes) {
    this.limit = limitBytes;
  }

  /** False: the bytes do not fit, and are not counted. */
  boolean take(long bytes) {
    if (waiting.addAndGet(bytes) <= limit) return true;
    waiting.addAndGet(-bytes);
    return false;
  }

  void giveBack(long bytes) {
    waiting.addAndGet(-bytes);
  }

  long waitingBytes() {
    return waiting.get();
  }
}
