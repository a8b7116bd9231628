package sluice.client;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Reply;

/**
 * Calls without a last answer yet, and over which link each is asked at the moment. Pure; one owner; bounded.
 *
 * @param <L> a link, told apart by identity
 */
final class CallTable<L> {
  static final int MAX_CALLS = 1024;

  /** One call; the same request id in every attempt makes them one request for the server. */
  static final class Pending<L> {
    final Call call;
    final long deadlineNanos;
    final Consumer<Reply> parts;
    final CompletableFuture<Reply> answer;
    private L link;
    private long id;
    private int attempts;

    Pending(Call call, long deadlineNanos, Consumer<Reply> parts, CompletableFuture<Reply> answer) {
      this.call = call;
      this.deadlineNanos = deadlineNanos;
      this.parts = parts;
      this.answer = answer;
    }

    int attempts() {
      return attempts;
    }
  }

  // In the order of asking, so that after a lost link changes go out in that order again.
  private final Map<String, Pending<L>> byRequest = new LinkedHashMap<>();

  /** False: there are too many, or one with the same request id is under way. */
  boolean add(Pending<L> pending) {
    if (byRequest.size() >= MAX_CALLS) return false;
    return byRequest.putIfAbsent(pending.call.getRequestId(), pending) == null;
  }

  void sent(Pending<L> pending, L link, long id) {
    pending.link = link;
    pending.id = id;
    pending.attempts++;
  }

  /** Those that are asked over no link. */
  List<Pending<L>> waiting() {
    return byRequest.values().stream().filter(p -> p.link == null).toList();
  }

  /** The link is gone: what was asked over it has to be asked anew. */
  void lost(L link) {
    for (Pending<L> p : byRequest.values()) if (p.link == link) p.link = null;
  }

  /** Whose answer it is; none if it comes over another link than the one that was asked last. */
  Optional<Pending<L>> asked(L link, long id) {
    return byRequest.values().stream().filter(p -> p.link == link && p.id == id).findFirst();
  }

  void remove(Pending<L> pending) {
    byRequest.remove(pending.call.getRequestId(), pending);
  }

  /** Takes out those whose time is over. */
  List<Pending<L>> expired(long now) {
    List<Pending<L>> over = new ArrayList<>();
    for (Iterator<Pending<L>> i = byRequest.values().iterator(); i.hasNext(); ) {
      Pending<L> p = i.next();
      if (now - p.deadlineNanos < 0) continue;
      over.add(p);
      i.remove();
    }
    return over;
  }

  boolean isEmpty() {
    return byRequest.isEmpty();
  }

  List<Pending<L>> clear() {
    List<Pending<L>> all = List.copyOf(byRequest.values());
    byRequest.clear();
    return all;
  }
}
