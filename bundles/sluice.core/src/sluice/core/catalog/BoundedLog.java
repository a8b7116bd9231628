package sluice.core.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** The newest entries of something that goes on for ever; the oldest are dropped at the bound. */
final class BoundedLog<T> {
  private final int limit;
  private final Deque<T> entries = new ArrayDeque<>();

  BoundedLog(int limit) {
    this.limit = limit;
  }

  void add(T entry) {
    entries.addLast(entry);
    if (entries.size() > limit) entries.removeFirst();
  }

  /** Oldest first. */
  Collection<T> all() {
    return Collections.unmodifiableCollection(entries);
  }

  List<T> newest(int count) {
    List<T> newest = new ArrayList<>();
    Iterator<T> i = entries.descendingIterator();
    while (newest.size() < count && i.hasNext()) newest.add(i.next());
    return newest;
  }

  /** Oldest first: what follows the newest entry that the predicate is true of. */
  List<T> after(Predicate<T> known, int count) {
    List<T> newestFirst = new ArrayList<>();
    Iterator<T> i = entries.descendingIterator();
    while (i.hasNext()) {
      T entry = i.next();
      if (known.test(entry)) break;
      newestFirst.add(entry);
    }
    Collections.reverse(newestFirst);
    return new ArrayList<>(newestFirst.subList(0, Math.max(0, Math.min(count, newestFirst.size()))));
  }
}
