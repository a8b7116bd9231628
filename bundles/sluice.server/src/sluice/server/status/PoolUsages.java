package sluice.server.status;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.RemovedObject;

/**
 * The space of the pools as watchers were last told of it, to tell them of what differs. The catalog may be ahead of
 * the deltas; then a watcher is told of the newer figures early and not again. On the control thread.
 */
public final class PoolUsages {
  private final CatalogEngine engine;
  private final Map<String, PoolUsage> told = new HashMap<>();

  public PoolUsages(CatalogEngine engine) {
    this.engine = engine;
  }

  /** Starts from the catalog as it is. */
  void reload() {
    told.clear();
    for (Pool pool : engine.read(CatalogView::pools)) current(pool.getId()).ifPresent(u -> told.put(pool.getId(), u));
  }

  /** What differs after a delta; a pool that is gone is told as its own removal, not here. */
  List<PoolUsage> changed(CatalogDelta delta) {
    Set<String> touched = new HashSet<>(CatalogView.poolsTouched(delta));
    for (ObjectChange change : delta.getChangesList()) {
      if (change.getRemoved().getKind() == RemovedObject.Kind.POOL) touched.add(change.getRemoved().getId());
    }
    List<PoolUsage> changed = new ArrayList<>();
    for (String pool : touched) {
      Optional<PoolUsage> now = current(pool);
      if (now.isEmpty()) told.remove(pool);
      else if (!now.get().equals(told.put(pool, now.get()))) changed.add(now.get());
    }
    return changed;
  }

  private Optional<PoolUsage> current(String pool) {
    return engine.read(v -> v.poolUsage(pool));
  }
}
