package sluice.volume.intent;

import sluice.volume.intent.IntentLog.Waiter;

/** Changes that wait for a mark, in order of arrival, linked through themselves. A waiter is in one queue at a time. */
final class WaiterQueue {
  private Waiter first;
  private Waiter last;

  boolean isEmpty() {
    return first == null;
  }

  void add(Waiter waiter) {
    waiter.next = null;
    if (last == null) first = waiter;
    else last.next = waiter;
    last = waiter;
  }

  /** All of the other's, behind those that are here. */
  void takeAll(WaiterQueue other) {
    if (other.first == null) return;
    if (last == null) first = other.first;
    else last.next = other.first;
    last = other.last;
    other.clear();
  }

  /** Forgets them. */
  void clear() {
    first = null;
    last = null;
  }

  /** Tells those that are here now; they may wait again at once, which is none of this call's business. */
  void tell(int error, boolean elsewhere) {
    Waiter w = first;
    clear();
    while (w != null) {
      Waiter next = w.next;
      w.marked(error, elsewhere);
      w = next;
    }
  }
}
