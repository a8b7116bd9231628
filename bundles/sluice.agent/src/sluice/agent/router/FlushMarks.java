package sluice.agent.router;

/** Which way has completed changes that it has not been asked to make stable. */
final class FlushMarks {
  private final long[] changed = new long[2];
  private final long[] flushed = new long[2];

  void changed(int way) {
    changed[way]++;
  }

  /** To remember when a FLUSH is sent. */
  long mark(int way) {
    return changed[way];
  }

  void flushed(int way, long mark) {
    flushed[way] = Math.max(flushed[way], mark);
  }

  boolean dirty(int way) {
    return changed[way] > flushed[way];
  }
}
