package sluice.catalog;

import java.util.function.Function;
import sluice.core.catalog.Catalog;
import sluice.core.catalog.CatalogOutcome;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;

/**
 * The one owner of a catalog: applies, reads and saves under one lock, and publishes each delta in the order of
 * applying. All methods may be called from any thread; the lock is held for memory work only.
 */
public final class CatalogMachine {
  private final DeltaFeed feed;
  private Catalog catalog = new Catalog();

  /** @param feed gets each delta while the lock is held, so that who reads at revision r can subscribe from r */
  public CatalogMachine(DeltaFeed feed) {
    this.feed = feed;
  }

  /**
   * Never throws for what is in the command.
   *
   * @param revision the command's place in the log; greater than all before
   */
  public synchronized CommandResult apply(Command command, long revision) {
    CatalogOutcome outcome = catalog.apply(command, revision);
    feed.publish(outcome.delta());
    return outcome.result();
  }

  /** The query is run under the lock: it must be short, and keep nothing but what the view's methods return. */
  public synchronized <T> T read(Function<CatalogView, T> query) {
    return query.apply(catalog.view());
  }

  public synchronized long revision() {
    return catalog.revision();
  }

  /** Immutable, and cheap compared to serialising it, which the caller does outside of the lock. */
  public synchronized CatalogState save() {
    return catalog.save();
  }

  /**
   * Replaces everything, as a snapshot does at a start or when this member was left behind. Listeners that knew an
   * older state are told of the gap.
   *
   * @throws sluice.api.SluiceException CORRUPT, with what does not fit; the old state stays
   */
  public void load(CatalogState state) {
    Catalog loaded = Catalog.load(state);
    synchronized (this) {
      catalog = loaded;
      feed.jumpTo(loaded.revision());
    }
  }
}
