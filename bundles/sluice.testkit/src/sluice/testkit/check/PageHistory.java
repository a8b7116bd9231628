package sluice.testkit.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which values one page may show now. A write may show from its start; when it is acknowledged, all that had ended before it
 * started may not show any more. When nothing is under way, the first reader's value is everybody's.
 */
final class PageHistory {
  private static final Write[] NEW = {fresh()};

  private Write[] may = NEW;
  private final List<Write> dropped = new ArrayList<>(0);
  private int readers;

  private static Write fresh() {
    Write zero = new Write(0, null, Long.MIN_VALUE);
    zero.end = Long.MIN_VALUE;
    zero.ended = true;
    zero.settled = true;
    return zero;
  }

  void started(Write w) {
    may = Arrays.copyOf(may, may.length + 1);
    may[may.length - 1] = w;
  }

  void acknowledged(Write w) {
    keep(c -> c == w || !c.ended || c.end >= w.start);
  }

  private void keep(java.util.function.Predicate<Write> which) {
    List<Write> kept = new ArrayList<>(may.length);
    for (Write c : may) {
      if (which.test(c)) kept.add(c);
      else if (readers > 0) dropped.add(c);
    }
    if (kept.size() < may.length) may = kept.toArray(Write[]::new);
  }

  /** What a reader that starts now may see, besides what starts meanwhile. */
  Write[] reading() {
    readers++;
    return may;
  }

  boolean quiet() {
    for (Write c : may) if (!c.ended || !c.settled) return false;
    return true;
  }

  void readerGone() {
    if (--readers == 0) dropped.clear();
  }

  /** Null if the page as read is allowed, otherwise what would have been. */
  String check(Write[] before, long[] seen) {
    for (int s = 0; s < Write.SECTORS; s++) {
      if (!shows(before, s, seen[s]) && !shows(may, s, seen[s]) && dropped.stream().noneMatch(shown(s, seen[s]))) {
        return "sector " + s + " is " + Long.toHexString(seen[s]) + ", may be " + Arrays.toString(before) + " or " + Arrays.toString(may);
      }
    }
    return null;
  }

  private static java.util.function.Predicate<Write> shown(int sector, long stamp) {
    return c -> c.stamp(sector) == stamp;
  }

  private static boolean shows(Write[] of, int sector, long stamp) {
    for (Write c : of) if (c.stamp(sector) == stamp) return true;
    return false;
  }

  /** Nothing was under way when the reader started: what it saw of {@code before} is what there is. */
  void fixed(Write[] before, long[] seen, long now) {
    if (before.length == 1) return;
    for (int s = 0; s < Write.SECTORS; s++) if (!shows(before, s, seen[s])) return;
    Write fixed = null;
    for (Write c : before) {
      boolean whole = true;
      for (int s = 0; s < Write.SECTORS; s++) whole &= c.stamp(s) == seen[s];
      if (whole) fixed = c;
    }
    if (fixed == null) {
      fixed = new Write(0, seen.clone(), now);
      fixed.end = now;
      fixed.ended = true;
      fixed.settled = true;
      for (Write c : before) fixed.end = Math.min(fixed.end, c.end);
    }
    Write one = fixed;
    List<Write> old = Arrays.asList(before);
    if (Arrays.stream(may).noneMatch(old::contains)) return;
    keep(c -> c == one || !old.contains(c));
    if (Arrays.stream(may).noneMatch(c -> c == one)) started(one);
  }

  /** Whether a leg that holds this is up to date. */
  boolean holds(long[] seen) {
    for (int s = 0; s < Write.SECTORS; s++) if (!shows(may, s, seen[s])) return false;
    return true;
  }

  /** Whether all legs must hold the same. */
  boolean determined() {
    return quiet();
  }

  @Override
  public String toString() {
    return Arrays.toString(may);
  }
}
