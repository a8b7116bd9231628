package sluice.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A layout on its way to be adopted. */
final class LayoutSwitch {
  final Shape next;
  final int slot;
  final CompletableFuture<Void> done = new CompletableFuture<>();
  /** Ids of the legs that are awaited, and of those that come in. */
  List<String> staying = List.of();
  List<String> coming = List.of();
  boolean swapped;

  LayoutSwitch(Shape next, int slot) {
    this.next = next;
    this.slot = slot;
  }

  void begin(Shape now) {
    staying = new ArrayList<>(now.legIds());
    staying.retainAll(next.legIds());
    coming = new ArrayList<>(next.legIds());
    coming.removeAll(staying);
  }
}
