package sluice.agent.router;

/**
 * Deadlines of many requests at the price of a few pointer writes each: a ring of slots, one for each tick.
 *
 * <p>Coarse: a node expires up to one tick late, never early. Deadlines past the ring's horizon are looked at again once a
 * turn. Pure: time is an argument; one owner; allocates nothing.
 */
final class TimerWheel {
  /** What expires; in one wheel at a time. */
  abstract static class Node {
    private Node previous;
    private Node next;
    private int slot = -1;
    private long deadline;

    final boolean ticking() {
      return slot >= 0;
    }

    /** It has been taken out of the wheel; may be added again. */
    abstract void expired(long now);
  }

  private final long tick;
  private final Node[] slots;
  private final long base;
  private long cursor;
  private int size;

  TimerWheel(long tickNanos, int slotCount, long now) {
    tick = tickNanos;
    slots = new Node[slotCount];
    base = now;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(Node node, long deadline, long now) {
    if (node.slot >= 0) throw new IllegalStateException("node is in a wheel");
    if (size == 0) cursor = Math.max(cursor, (now - base) / tick);
    long at = (deadline - base + tick - 1) / tick;
    at = Math.max(cursor + 1, Math.min(at, cursor + slots.length - 1));
    int slot = (int) (at % slots.length);
    node.deadline = deadline;
    node.slot = slot;
    node.previous = null;
    node.next = slots[slot];
    if (node.next != null) node.next.previous = node;
    slots[slot] = node;
    size++;
  }

  /** Nothing happens if it is not in the wheel. */
  void remove(Node node) {
    if (node.slot < 0) return;
    if (node.previous == null) slots[node.slot] = node.next;
    else node.previous.next = node.next;
    if (node.next != null) node.next.previous = node.previous;
    node.previous = null;
    node.next = null;
    node.slot = -1;
    size--;
  }

  /** Expires what is due; in no particular order within a tick. */
  void advance(long now) {
    long to = (now - base) / tick;
    // After a long sleep one turn visits everything there is.
    cursor = Math.max(cursor, to - slots.length);
    while (cursor < to && size > 0) {
      cursor++;
      int slot = (int) (cursor % slots.length);
      for (Node node = slots[slot]; node != null; node = slots[slot]) {
        remove(node);
        if (node.deadline - now > 0) add(node, node.deadline, now);
        else node.expired(now);
      }
    }
    cursor = Math.max(cursor, to);
  }
}
