package sluice.agent.router;

/** A queue of requests in order of arrival, linked through themselves; a request is in one queue at a time. */
final class IoQueue {
  private RoutedIo first;
  private RoutedIo last;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return first == null;
  }

  RoutedIo first() {
    return first;
  }

  void add(RoutedIo io) {
    if (io.in != null) throw new IllegalStateException("request is queued");
    io.in = this;
    io.before = last;
    io.after = null;
    if (last == null) first = io;
    else last.after = io;
    last = io;
    size++;
  }

  void remove(RoutedIo io) {
    if (io.in != this) throw new IllegalStateException("request is not in this queue");
    if (io.before == null) first = io.after;
    else io.before.after = io.after;
    if (io.after == null) last = io.before;
    else io.after.before = io.before;
    io.before = null;
    io.after = null;
    io.in = null;
    size--;
  }

  RoutedIo poll() {
    RoutedIo io = first;
    if (io != null) remove(io);
    return io;
  }
}
