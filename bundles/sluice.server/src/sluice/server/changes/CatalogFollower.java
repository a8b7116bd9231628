package sluice.server.changes;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.catalog.CatalogEngine;
import sluice.catalog.DeltaListener;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.server.ControlThread;

/**
 * Brings the catalog's deltas to the control thread, in order, and to each follower in turn. A follower may see in the
 * catalog what a delta will tell it later, never the other way round.
 */
public final class CatalogFollower {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogFollower.class);

  /** Somebody who keeps something in step with the catalog. On the control thread. */
  public interface Follower {
    /** Anything may have changed: at the start, and if deltas were missed. */
    void reload();

    void changed(CatalogDelta delta);
  }

  private record Wait(long revision, CompletableFuture<Void> done) {}

  private final ControlThread control;
  private final CatalogEngine engine;
  private final List<Follower> followers = new ArrayList<>();
  private final PriorityQueue<Wait> waits = new PriorityQueue<>(Comparator.comparingLong(Wait::revision));
  private final DeltaListener listener = new DeltaListener() {
    @Override
    public void accept(CatalogDelta delta) {
      control.execute(() -> apply(delta));
    }

    @Override
    public void overrun() {
      LOG.warn("catalog deltas were missed; reading everything again");
      control.execute(CatalogFollower.this::start);
    }
  };
  private long seen;

  public CatalogFollower(ControlThread control, CatalogEngine engine) {
    this.control = control;
    this.engine = engine;
  }

  /** Before {@link #start}; followers are told in the order they were added. */
  public void add(Follower follower) {
    followers.add(follower);
  }

  /** Reads everything and follows from there. */
  public void start() {
    long revision;
    do {
      revision = engine.read(CatalogView::revision);
    } while (!engine.subscribe(revision, listener));
    for (Follower f : followers) f.reload();
    advance(revision);
  }

  private void apply(CatalogDelta delta) {
    if (delta.getRevision() <= seen) return;
    for (Follower f : followers) {
      try {
        f.changed(delta);
      } catch (RuntimeException e) {
        LOG.error("revision {} was not followed by {}", delta.getRevision(), f, e);
      }
    }
    advance(delta.getRevision());
  }

  private void advance(long revision) {
    seen = Math.max(seen, revision);
    while (!waits.isEmpty() && waits.peek().revision <= seen) waits.poll().done.complete(null);
  }

  /** Completes when all followers have been told of that revision. Bounded by the changes under way. */
  public CompletionStage<Void> reached(long revision) {
    if (revision <= seen) return CompletableFuture.completedFuture(null);
    Wait wait = new Wait(revision, new CompletableFuture<>());
    waits.add(wait);
    return wait.done;
  }

  /** Newest revision that all followers know. */
  public long seen() {
    return seen;
  }

  public void stop() {
    engine.unsubscribe(listener);
  }
}
