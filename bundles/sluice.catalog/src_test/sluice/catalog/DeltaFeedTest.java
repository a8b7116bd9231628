package sluice.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.CatalogDelta;

class DeltaFeedTest {
  /** Runs when the test says so. */
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final DeltaFeed feed = new DeltaFeed(tasks::add, 4);
  private final List<Long> heard = new ArrayList<>();
  private final Consumer<CatalogDelta> listener = d -> heard.add(d.getRevision());

  private static CatalogDelta delta(long revision) {
    return CatalogDelta.newBuilder().setRevision(revision).build();
  }

  private void run() {
    while (!tasks.isEmpty()) tasks.poll().run();
  }

  @Test
  void aListenerGetsWhatItMissedAndThenWhatFollowsOnce() {
    feed.publish(delta(3));
    feed.publish(delta(7));
    assertTrue(feed.subscribe(3, listener));
    feed.publish(delta(8));
    run();
    feed.publish(delta(9));
    run();
    assertEquals(List.of(7L, 8L, 9L), heard);
  }

  @Test
  void aRevisionThatIsTooOldOrNotYetThereIsRefused() {
    for (int i = 1; i <= 6; i++) feed.publish(delta(i));
    assertFalse(feed.subscribe(1, listener));
    assertFalse(feed.subscribe(7, listener));
    assertTrue(feed.subscribe(2, listener));
    run();
    assertEquals(List.of(3L, 4L, 5L, 6L), heard);
  }

  @Test
  void whatIsPublishedAgainAfterARestartIsDropped() {
    feed.subscribe(0, listener);
    feed.publish(delta(1));
    feed.publish(delta(2));
    feed.publish(delta(1));
    feed.publish(delta(2));
    run();
    assertEquals(List.of(1L, 2L), heard);
  }

  @Test
  void aListenerThatIsTooSlowIsToldAndGetsNothingMore() {
    List<String> told = new ArrayList<>();
    assertTrue(feed.subscribe(0, overrun(told)));
    assertTrue(feed.subscribe(0, listener));
    for (int i = 1; i <= 5; i++) feed.publish(delta(i));
    run();
    feed.publish(delta(6));
    run();
    assertEquals(List.of("overrun"), told);
    assertEquals(List.of(), heard);
  }

  @Test
  void aJumpIsAGapForAllThatWereThereAndTheNewRevisionIsAStart() {
    List<String> told = new ArrayList<>();
    feed.publish(delta(1));
    feed.subscribe(1, overrun(told));
    feed.jumpTo(10);
    assertFalse(feed.subscribe(1, listener));
    assertTrue(feed.subscribe(10, listener));
    feed.publish(delta(11));
    run();
    assertEquals(List.of("overrun"), told);
    assertEquals(List.of(11L), heard);
  }

  private static DeltaListener overrun(List<String> told) {
    return new DeltaListener() {
      @Override
      public void accept(CatalogDelta delta) {
        told.add("delta " + delta.getRevision());
      }

      @Override
      public void overrun() {
        told.add("overrun");
      }
    };
  }

  @Test
  void aListenerThatFailsNeitherStopsItselfNorOthers() {
    List<Long> failing = new ArrayList<>();
    feed.subscribe(0, d -> {
      failing.add(d.getRevision());
      throw new IllegalStateException("a listener's own trouble");
    });
    feed.subscribe(0, listener);
    feed.publish(delta(1));
    feed.publish(delta(2));
    run();
    assertEquals(List.of(1L, 2L), heard);
    assertEquals(List.of(1L, 2L), failing);
  }

  @Test
  void afterUnsubscribingOrClosingNothingComes() {
    feed.subscribe(0, listener);
    feed.publish(delta(1));
    feed.unsubscribe(listener);
    run();
    feed.subscribe(1, listener);
    feed.publish(delta(2));
    feed.close();
    run();
    assertEquals(List.of(), heard);
    assertFalse(feed.subscribe(2, listener));
  }

  /** The prototype gave a new subscriber one event twice: each listener here must have every number once, in order. */
  @Test
  void whoSubscribesWhileOthersPublishGetsEachDeltaOnceAndInOrder() throws Exception {
    Queue<Late> subscribed = new ConcurrentLinkedQueue<>();
    AtomicLong published = new AtomicLong();
    AtomicLong delivered = new AtomicLong();
    try (DeltaFeed real = new DeltaFeed("deltas-under-test")) {
      assertTrue(real.subscribe(0, d -> delivered.set(d.getRevision())));
      List<Thread> threads = new ArrayList<>();
      threads.add(new Thread(() -> {
        for (long i = 1; i <= DELTAS; i++) {
          // all listeners take turns, so if this one is not far behind, none is
          while (i - delivered.get() > DeltaFeed.KEPT / 4) Thread.onSpinWait();
          real.publish(delta(i));
          published.set(i);
        }
      }));
      for (int t = 0; t < 4; t++) {
        int thread = t;
        threads.add(new Thread(() -> {
          for (int s = 0; s < 50; s++) {
            while (published.get() < s * (DELTAS / 50 - 1)) Thread.onSpinWait();
            Late late = new Late(Math.max(0, Math.min(published.get(), DELTAS - 1) - (thread + s) % 7));
            if (real.subscribe(late.after, late)) subscribed.add(late);
          }
        }));
      }
      threads.forEach(Thread::start);
      for (Thread thread : threads) thread.join();
      assertTrue(subscribed.size() > 150, "too few were subscribed: " + subscribed.size());
      for (Late late : subscribed) late.end.get(60, TimeUnit.SECONDS);
    }
    for (Late late : subscribed) {
      assertEquals(LongStream.rangeClosed(late.after + 1, DELTAS).boxed().toList(), late.heard);
    }
  }

  private static final int DELTAS = 10_000;

  private static final class Late implements Consumer<CatalogDelta> {
    final long after;
    final List<Long> heard = new ArrayList<>();
    final CompletableFuture<Void> end = new CompletableFuture<>();

    Late(long after) {
      this.after = after;
    }

    @Override
    public void accept(CatalogDelta delta) {
      heard.add(delta.getRevision());
      if (delta.getRevision() == DELTAS) end.complete(null);
    }
  }
}
