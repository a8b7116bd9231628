package sluice.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.protocol.v1.CatalogDelta;

/**
 * Keeps the newest deltas and hands each to every listener, once and in order.
 *
 * <p>There is no queue for each listener: a listener has a place in the one list of kept deltas, under one lock, and a
 * delta is either behind its place (had) or before it (will come). So subscribing cannot race with publishing. Bounded:
 * {@value #KEPT} deltas and {@value #KEPT_BYTES} bytes are kept; a listener that is further behind is unsubscribed and,
 * if it is a {@link DeltaListener}, told.
 *
 * <p>All methods may be called from any thread, also from within a listener. Listeners are called on one thread at a
 * time, without the lock.
 */
public final class DeltaFeed implements AutoCloseable {
  static final int KEPT = 10_000;
  static final long KEPT_BYTES = 64L << 20;
  private static final Logger LOG = LoggerFactory.getLogger(DeltaFeed.class);

  /** A listener and its place. */
  private static final class Subscription {
    final Consumer<CatalogDelta> listener;
    long next;
    boolean overrun;

    Subscription(Consumer<CatalogDelta> listener, long next) {
      this.listener = listener;
      this.next = next;
    }
  }

  private record Delivery(Subscription to, CatalogDelta delta) {}

  private final Object lock = new Object();
  private final Executor executor;
  private final ExecutorService own;
  private final int keep;
  private final List<Subscription> subscriptions = new ArrayList<>();
  /** A ring: the delta with sequence number s is at s % length. */
  private final CatalogDelta[] kept;
  private long firstSequence;
  private long nextSequence;
  private long keptBytes;
  /** Of the newest delta that was published or skipped. */
  private long last;
  /** All deltas after this revision are kept. */
  private long completeAfter;
  private boolean draining;
  private boolean closed;
  private int turn;

  /** Delivers on a daemon thread of that name, which is there only while there is something to do. */
  public DeltaFeed(String threadName) {
    this(null, ownThread(threadName), KEPT);
  }

  /** Delivers on the executor, one task at a time; for a simulator, or a server's control thread. */
  public DeltaFeed(Executor executor) {
    this(executor, null, KEPT);
  }

  DeltaFeed(Executor executor, int keep) {
    this(executor, null, keep);
  }

  private DeltaFeed(Executor executor, ExecutorService own, int keep) {
    this.executor = own != null ? own : executor;
    this.own = own;
    this.keep = keep;
    kept = new CatalogDelta[keep];
  }

  private static ExecutorService ownThread(String name) {
    ThreadPoolExecutor one = new ThreadPoolExecutor(1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2), task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    });
    one.allowCoreThreadTimeOut(true);
    return one;
  }

  /** Deltas that are not newer than the newest are dropped: after a restart a log is applied again. */
  public void publish(CatalogDelta delta) {
    synchronized (lock) {
      if (closed || delta.getRevision() <= last) return;
      last = delta.getRevision();
      int bytes = delta.getSerializedSize();
      while (nextSequence > firstSequence && (nextSequence - firstSequence >= keep || keptBytes + bytes > KEPT_BYTES)) {
        dropOldest();
      }
      kept[(int) (nextSequence++ % keep)] = delta;
      keptBytes += bytes;
      drainIfNeeded();
    }
  }

  private void dropOldest() {
    int at = (int) (firstSequence % keep);
    keptBytes -= kept[at].getSerializedSize();
    completeAfter = kept[at].getRevision();
    kept[at] = null;
    firstSequence++;
    markOverrun();
  }

  private void markOverrun() {
    for (Subscription s : subscriptions) if (s.next < firstSequence) s.overrun = true;
  }

  /** The state was replaced by one of that revision: nobody may go on from an older one. */
  public void jumpTo(long revision) {
    synchronized (lock) {
      if (closed || revision <= last) return;
      while (nextSequence > firstSequence) dropOldest();
      // a revision number is skipped, so that listeners which had everything before are behind as well
      firstSequence = ++nextSequence;
      last = revision;
      completeAfter = revision;
      markOverrun();
      drainIfNeeded();
    }
  }

  /** @return false if not all deltas after that revision are kept, or it is newer than any: read the state first */
  public boolean subscribe(long afterRevision, Consumer<CatalogDelta> listener) {
    synchronized (lock) {
      if (closed || afterRevision < completeAfter || afterRevision > last) return false;
      long next = nextSequence;
      while (next > firstSequence && kept[(int) ((next - 1) % keep)].getRevision() > afterRevision) next--;
      subscriptions.add(new Subscription(listener, next));
      drainIfNeeded();
      return true;
    }
  }

  /** By identity. At most the delivery that has begun still ends. */
  public void unsubscribe(Consumer<CatalogDelta> listener) {
    synchronized (lock) {
      subscriptions.removeIf(s -> s.listener == listener);
    }
  }

  private void drainIfNeeded() {
    if (draining || closed || !hasWork()) return;
    draining = true;
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException e) {
      draining = false;
      LOG.warn("nobody delivers catalog deltas any more: {}", e.getMessage());
    }
  }

  private boolean hasWork() {
    for (Subscription s : subscriptions) if (s.overrun || s.next < nextSequence) return true;
    return false;
  }

  private void drain() {
    for (Delivery delivery = next(); delivery != null; delivery = next()) deliver(delivery);
  }

  /** The next delivery, the listeners taking turns; a delivery without a delta is an overrun. */
  private Delivery next() {
    synchronized (lock) {
      for (int i = 0; !closed && i < subscriptions.size(); i++) {
        turn = (turn + 1) % subscriptions.size();
        Subscription s = subscriptions.get(turn);
        if (s.overrun) {
          subscriptions.remove(turn);
          return new Delivery(s, null);
        }
        if (s.next < nextSequence) return new Delivery(s, kept[(int) (s.next++ % keep)]);
      }
      draining = false;
      return null;
    }
  }

  private static void deliver(Delivery delivery) {
    Consumer<CatalogDelta> listener = delivery.to.listener;
    try {
      if (delivery.delta != null) {
        listener.accept(delivery.delta);
      } else if (listener instanceof DeltaListener d) {
        d.overrun();
      } else {
        LOG.error("a catalog listener was too slow or the state was replaced; it gets no more changes: {}", listener);
      }
    } catch (RuntimeException | Error e) {
      // errors as well: letting one through would stop the feed for everybody, in silence
      LOG.error("a catalog listener failed at revision {}", delivery.delta == null ? "-" : delivery.delta.getRevision(), e);
    }
  }

  /** Nothing is delivered any more, but for the delivery that has begun. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      subscriptions.clear();
    }
    if (own != null) own.shutdown();
  }
}
