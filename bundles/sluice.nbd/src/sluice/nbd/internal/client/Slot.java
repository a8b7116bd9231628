package sluice.nbd.internal.client;

/** A request message sent and not answered: the whole of an operation, or a piece of it. */
final class Slot {
  final int index;
  final Coverage coverage = new Coverage();
  /** Distinguishes this use of the slot from earlier ones; what the server sends back. */
  long cookie;
  /** Null when nobody waits for the answer any more; the slot stays taken until it has come. */
  Operation operation;
  boolean taken;
  int command;
  long offset;
  long length;
  /** Bytes that extents have described. */
  long described;
  int error;
  private int generation;

  Slot(int index) {
    this.index = index;
  }

  void take(Operation op, int wireCommand, long from, long bytes) {
    taken = true;
    operation = op;
    command = wireCommand;
    offset = from;
    length = bytes;
    described = 0;
    error = 0;
    coverage.clear();
    generation++;
    cookie = (long) generation << 32 | index;
  }

  void free() {
    taken = false;
    operation = null;
  }

  long end() {
    return offset + length;
  }
}
