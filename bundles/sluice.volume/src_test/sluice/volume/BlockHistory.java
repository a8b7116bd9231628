package sluice.volume;

import java.util.ArrayList;
import java.util.List;
import sluice.api.block.IoError;

/** Every change of one block and when it was under way: says which contents a read, or a disk after a power cut, may show. */
final class BlockHistory {
  static final long NEVER = Long.MAX_VALUE;

  static final class Change {
    final int value;
    final long began;
    /** When it was acknowledged; {@link #NEVER} if it has not been, or has failed: then it may take effect at any time. */
    long acked = NEVER;
    /** When it was known to be stable. */
    long stable = NEVER;

    Change(int value, long began) {
      this.value = value;
      this.began = began;
    }
  }

  private final List<Change> changes = new ArrayList<>();

  BlockHistory() {
    Change first = new Change(0, -2);
    first.acked = -1;
    first.stable = -1;
    changes.add(first);
  }

  Change begin(int value, long now) {
    Change change = new Change(value, now);
    changes.add(change);
    return change;
  }

  static void end(Change change, int error, boolean fua, long now) {
    if (error != IoError.OK) return;
    change.acked = now;
    if (fua) change.stable = now;
  }

  /** A flush that began then has succeeded. */
  void flushed(long began, long now) {
    for (Change c : changes) if (c.acked < began) c.stable = Math.min(c.stable, now);
  }

  boolean readable(int value, long from, long to) {
    for (Change c : changes) if (c.value == value && c.began < to && !overwritten(c, from)) return true;
    return false;
  }

  private boolean overwritten(Change c, long before) {
    for (Change later : changes) if (later.began > c.acked && later.acked < before) return true;
    return false;
  }

  /** Whether a disk that lost what was not stable may show it. */
  boolean survivable(int value) {
    for (Change c : changes) {
      if (c.value != value) continue;
      boolean lost = false;
      for (Change later : changes) lost |= later.began > c.acked && later.stable < NEVER;
      if (!lost) return true;
    }
    return false;
  }
}
