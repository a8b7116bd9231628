package sluice.server.alerts;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolUsage;
import sluice.protocol.v1.Severity;
import sluice.server.ControlThread;
import sluice.server.care.CareDesk;
import sluice.server.snapshot.Shortage;
import sluice.server.changes.ServerEvents;
import sluice.server.status.StatusBook;

/** The alerts there are: looks once a second, and tells what is new and what is over. On the control thread. */
public final class AlertBook {
  private static final long LOOK_MS = 1_000;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final StatusBook book;
  private final ServerEvents events;
  private final CareDesk cares;
  private final Supplier<Map<String, Shortage>> shortages;
  private final long hostPatienceMs;
  private final Map<String, Alert> raised = new TreeMap<>();

  /**
   * @param shortages of space for snapshots, by the volume's id
   * @param hostPatienceMs a host that is offline for less is being started again
   */
  public AlertBook(ControlThread control, CatalogEngine engine, StatusBook book, ServerEvents events, CareDesk cares,
      Supplier<Map<String, Shortage>> shortages, long hostPatienceMs) {
    this.control = control;
    this.engine = engine;
    this.book = book;
    this.events = events;
    this.cares = cares;
    this.shortages = shortages;
    this.hostPatienceMs = hostPatienceMs;
  }

  public void start() {
    control.every(LOOK_MS, this::look);
  }

  void look() {
    San san = engine.read((CatalogView v) -> new San(control.nowMs(), hostPatienceMs, v.volumes(), v.disks(), v.pools(), v.hosts(),
        cares.volumes(), List.copyOf(book.disks()), List.copyOf(book.hosts()), List.copyOf(book.volumes()),
        v.pools().stream().map(Pool::getId).map(id -> v.poolUsage(id).orElse(PoolUsage.getDefaultInstance())).toList(), shortages.get()));
    take(Alerts.of(san), san.nowMs());
  }

  /** An alert that goes on keeps its beginning, however its words change. */
  private void take(Map<String, Alert> now, long nowMs) {
    for (Alert before : List.copyOf(raised.values())) {
      if (now.containsKey(before.getId())) continue;
      raised.remove(before.getId());
      book.forgetAlert(before.getId());
      events.note(Severity.INFO, "alert-cleared", "over: " + before.getText(), before.getObjectsList());
    }
    for (Alert a : now.values()) {
      Alert before = raised.get(a.getId());
      long since = before != null ? before.getSinceMs() : a.getSinceMs() > 0 ? a.getSinceMs() : nowMs;
      Alert kept = a.toBuilder().setSinceMs(since).build();
      raised.put(a.getId(), kept);
      book.put(kept);
      if (before == null) events.note(a.getSeverity(), "alert-raised", a.getText(), a.getObjectsList());
    }
  }
}
