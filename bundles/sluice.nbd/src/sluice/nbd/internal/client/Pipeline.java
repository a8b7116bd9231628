package sluice.nbd.internal.client;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import sluice.nbd.internal.Nbd;

/**
 * What is under way: operations in the order of their coming, the slots of the request messages sent for them. Bounded
 * both: no more messages unanswered than slots, no more operations waiting than {@link #MAX_WAITING}.
 */
final class Pipeline {
  static final int MAX_WAITING = 65536;

  /** Sends a message; the slot says which. */
  interface Sender {
    void send(Slot slot, int flags);
  }

  private final Slot[] slots;
  private final ArrayDeque<Slot> free = new ArrayDeque<>();
  private final ArrayDeque<Operation> waiting = new ArrayDeque<>();
  private final ArrayDeque<Operation> idle = new ArrayDeque<>();
  private final Sender sender;
  private final ObjIntConsumer<Operation> finished;
  private int outstanding;

  /** @param finished told once an operation ends, with its error */
  Pipeline(int size, Sender sender, ObjIntConsumer<Operation> finished) {
    slots = new Slot[size];
    for (int i = 0; i < size; i++) free.addLast(slots[i] = new Slot(i));
    this.sender = sender;
    this.finished = finished;
  }

  /** An operation to fill in and {@link #begin}, or to {@link #giveBack}. */
  Operation take() {
    Operation operation = idle.pollLast();
    if (operation == null) operation = new Operation();
    operation.reset();
    return operation;
  }

  void giveBack(Operation operation) {
    idle.addLast(operation);
  }

  boolean overfull() {
    return waiting.size() >= MAX_WAITING;
  }

  /** Operations not finished. */
  int outstanding() {
    return outstanding;
  }

  void begin(Operation operation) {
    outstanding++;
    waiting.addLast(operation);
    pump();
  }

  private void pump() {
    while (!free.isEmpty() && !waiting.isEmpty()) {
      Operation operation = waiting.peekFirst();
      if (operation.unsent()) sendPiece(operation);
      if (!operation.unsent()) waiting.pollFirst();
    }
  }

  private void sendPiece(Operation operation) {
    Slot slot = free.pollLast();
    long bytes = Math.min(operation.end - operation.next, operation.maxPiece);
    slot.take(operation, operation.command, operation.next, bytes);
    operation.next += bytes;
    operation.flushPending = false;
    operation.pieces++;
    sender.send(slot, operation.flags);
  }

  /** The slot of a message that is unanswered. */
  Slot slot(long cookie) throws MalformedReply {
    int index = (int) cookie;
    if (index < 0 || index >= slots.length || !slots[index].taken || slots[index].cookie != cookie) {
      throw new MalformedReply("a reply to a request that was not made, or was answered already");
    }
    return slots[index];
  }

  /** A message has been answered. */
  void answered(Slot slot) {
    Operation operation = slot.operation;
    int error = slot.error;
    slot.free();
    free.addLast(slot);
    if (operation != null) pieceDone(operation, error);
    pump();
  }

  private void pieceDone(Operation operation, int error) {
    operation.pieces--;
    if (error != 0 && operation.error == 0) {
      operation.error = error;
      // What has not been sent need not be any more.
      if (operation.unsent()) {
        operation.next = operation.end;
        operation.flushPending = false;
        waiting.remove(operation);
      }
    }
    if (operation.pieces > 0 || operation.unsent()) return;
    if (operation.flushAfter && operation.error == 0) {
      operation.flushAfter = false;
      operation.set(Nbd.CMD_FLUSH, 0, 0, 0, 0);
      waiting.addFirst(operation);
      return;
    }
    finish(operation, operation.error);
  }

  private void finish(Operation operation, int error) {
    outstanding--;
    operation.completed = true;
    finished.accept(operation, error);
    idle.addLast(operation);
  }

  /** Ends all that match: their answers, if they still come, are for nobody. */
  void end(Predicate<Operation> which, int error, ReplyReader reader) {
    Set<Operation> ended = new LinkedHashSet<>();
    for (Operation operation : waiting) {
      if (which.test(operation)) ended.add(operation);
    }
    for (Slot slot : slots) {
      Operation operation = slot.operation;
      if (operation != null && which.test(operation)) ended.add(operation);
    }
    for (Slot slot : slots) {
      if (slot.operation == null || !ended.contains(slot.operation)) continue;
      reader.abandon(slot.cookie);
      slot.operation = null;
    }
    waiting.removeAll(ended);
    for (Operation operation : ended) finish(operation, operation.error != 0 ? operation.error : error);
  }

  /** Operations of which something was sent that may still change data. */
  int mayChangeData() {
    Set<Operation> found = new LinkedHashSet<>();
    for (Slot slot : slots) {
      Operation operation = slot.operation;
      if (operation != null && operation.mayChangeData()) found.add(operation);
    }
    return found.size();
  }
}
