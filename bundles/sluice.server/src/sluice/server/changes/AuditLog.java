package sluice.server.changes;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogLimits;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Host;

/**
 * Writes each audit entry to the log as well, under a logger of its own, since the catalog keeps the newest
 * {@value CatalogLimits#AUDIT} only and a log can be kept, and shipped elsewhere, for as long as anybody wants. What
 * was changed before this start of the server is in the log of that time. On the control thread.
 */
public final class AuditLog implements CatalogFollower.Follower {
  /** For whoever sends these to a file or a place of their own. */
  public static final String LOGGER = "sluice.audit";

  private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

  private final CatalogEngine engine;
  private final Consumer<String> to;
  private boolean started;
  private long logged;

  public AuditLog(CatalogEngine engine) {
    this(engine, LOG::info);
  }

  AuditLog(CatalogEngine engine, Consumer<String> to) {
    this.engine = engine;
    this.to = to;
  }

  /** At the start there is nothing to say; after missed deltas, what they had said. */
  @Override
  public void reload() {
    if (started) {
      List<AuditEntry> newestFirst = engine.read(v -> v.newestAudit(CatalogLimits.AUDIT));
      for (int i = newestFirst.size() - 1; i >= 0; i--) write(newestFirst.get(i));
    } else {
      logged = engine.read(CatalogView::revision);
      started = true;
    }
  }

  @Override
  public void changed(CatalogDelta delta) {
    delta.getAuditList().forEach(this::write);
  }

  private void write(AuditEntry e) {
    if (e.getRevision() <= logged) return;
    logged = e.getRevision();
    String from = e.getActor().getAddress().isEmpty() ? "" : " from " + e.getActor().getAddress();
    String refused = e.getRefused() ? ": refused: " + e.getReason() : "";
    to.accept("change " + e.getRevision() + ": " + who(e.getActor()) + from + ": " + e.getAction() + refused + " " + e.getObjectsList());
  }

  /** "user eva", "host h1 (its id)", since a host can be renamed and removed. */
  private String who(Actor actor) {
    String kind = actor.getKind().name().toLowerCase(Locale.ROOT);
    if (actor.getKind() == Actor.Kind.SERVER) return "the server";
    if (actor.getKind() != Actor.Kind.HOST) return kind + " " + actor.getName();
    String name = engine.read(v -> v.host(actor.getName())).map(Host::getName).orElse("");
    return name.isEmpty() ? "host " + actor.getName() : "host " + name + " (" + actor.getName() + ")";
  }
}
