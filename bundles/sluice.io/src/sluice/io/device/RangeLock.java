package sluice.io.device;

/**
 * Orders changes that overlap: exclusive ranges wait for all that overlap them, shared ranges only for exclusive ones.
 *
 * <p>Who waits is granted in the order of asking among those that conflict, so nothing starves. While there are no
 * exclusive ranges, taking and giving back a shared one costs a few pointer writes. Pure; one owner; allocates
 * nothing: ranges are the caller's, linked into the lock while they are in it.
 */
public final class RangeLock {
  /** A range that is held or waited for. Reusable after {@link RangeLock#release}. */
  public abstract static class Range {
    private long from;
    private long to;
    private boolean exclusive;
    private Range previous;
    private Range next;
    private Chain in;
    /** Conflicting ranges, held or waiting, that came before. */
    private int before;

    /** The range was waited for and is now held; may release it at once. */
    protected abstract void granted();

    private boolean conflicts(Range other) {
      return (exclusive || other.exclusive) && from < other.to && other.from < to;
    }
  }

  /** A doubly linked list in order of arrival. */
  private static final class Chain {
    Range first;
    Range last;

    void add(Range range) {
      range.in = this;
      range.previous = last;
      range.next = null;
      if (last == null) first = range;
      else last.next = range;
      last = range;
    }

    void remove(Range range) {
      if (range.previous == null) first = range.next;
      else range.previous.next = range.next;
      if (range.next == null) last = range.previous;
      else range.next.previous = range.previous;
      range.previous = null;
      range.next = null;
      range.in = null;
    }

    int conflicts(Range range) {
      int n = 0;
      for (Range r = first; r != null; r = r.next) if (r.conflicts(range)) n++;
      return n;
    }
  }

  private final Chain shared = new Chain();
  private final Chain exclusive = new Chain();
  private final Chain waiting = new Chain();
  private final Chain ready = new Chain();
  private boolean granting;

  /**
   * Asks for {@code [from, to)}.
   *
   * @return true if the range is held now; otherwise {@link Range#granted} will be called
   */
  public boolean acquire(Range range, long from, long to, boolean exclusively) {
    if (range.in != null) throw new IllegalStateException("range is in use");
    range.from = from;
    range.to = to;
    range.exclusive = exclusively;
    int before = exclusive.conflicts(range) + waiting.conflicts(range) + ready.conflicts(range);
    if (exclusively) before += shared.conflicts(range);
    range.before = before;
    if (before > 0) {
      waiting.add(range);
      return false;
    }
    hold(range);
    return true;
  }

  private void hold(Range range) {
    (range.exclusive ? exclusive : shared).add(range);
  }

  /** Gives a held range back, or stops waiting for one, and grants what waited for it. */
  public void release(Range range) {
    if (range.in == null) throw new IllegalStateException("range is neither held nor waited for");
    // Of those that wait, the ones that came later have counted it; of a range that was not waiting itself, that is all.
    Range w = range.in == waiting ? range.next : waiting.first;
    range.in.remove(range);
    Range next;
    for (; w != null; w = next) {
      next = w.next;
      if (!w.conflicts(range) || --w.before > 0) continue;
      waiting.remove(w);
      ready.add(w);
    }
    grant();
  }

  /** Flat though a grant may release at once, and that release may grant: no recursion, however long the queue. */
  private void grant() {
    if (granting) return;
    granting = true;
    try {
      for (Range r = ready.first; r != null; r = ready.first) {
        ready.remove(r);
        hold(r);
        r.granted();
      }
    } finally {
      granting = false;
    }
  }

  /** Whether nothing is held or waited for. */
  public boolean idle() {
    return shared.first == null && exclusive.first == null && waiting.first == null && ready.first == null;
  }
}
