package sluice.server.changes;

import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.NoteEvent;
import sluice.protocol.v1.NoteRefusal;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Severity;
import sluice.server.ControlThread;

/**
 * Puts what the server sees into the catalog's log of events, and what it refuses into the audit log. Both are
 * limited, so that a flapping cable or a scanner cannot push everything else out; what is over the limit is in the log
 * file only.
 */
public final class ServerEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ServerEvents.class);
  private static final int EVENTS_A_MINUTE = 600;
  private static final int REFUSALS_A_MINUTE = 60;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final RateLimit events = new RateLimit(EVENTS_A_MINUTE, 60_000_000_000L);
  private final RateLimit refusals = new RateLimit(REFUSALS_A_MINUTE, 60_000_000_000L);

  public ServerEvents(ControlThread control, CatalogEngine engine) {
    this.control = control;
    this.engine = engine;
  }

  /** On the control thread. @param kind a stable word */
  public void note(Severity severity, String kind, String text, List<String> objects) {
    LOG.info("{}: {} {}", kind, text, objects);
    if (!events.take(control.nanoTime())) return;
    Event event = Event.newBuilder().setSeverity(severity).setKind(kind).setText(text).addAllObjects(objects).build();
    submit(Changes.SERVER, Change.newBuilder().setNoteEvent(NoteEvent.newBuilder().setEvent(event)).build());
  }

  /** On the control thread: somebody was turned away before the catalog was asked. */
  public void refused(Actor actor, String action, String reason) {
    LOG.info("refused {} {} from {}: {}: {}", actor.getKind(), actor.getName(), actor.getAddress(), action, reason);
    if (!refusals.take(control.nanoTime())) return;
    NoteRefusal note = NoteRefusal.newBuilder().setAction(action).setReason(reason).build();
    submit(actor, Change.newBuilder().setNoteRefusal(note).build());
  }

  private void submit(Actor actor, Change change) {
    Command command = Command.newBuilder().setRequestId(UUID.randomUUID().toString()).setActor(actor)
        .setTimeMs(control.nowMs()).setChange(change).build();
    engine.submit(command).whenComplete((result, failure) -> {
      if (failure != null) LOG.warn("not in the catalog's log: {}: {}", change.getBodyCase(), failure.toString());
      else if (result.hasProblem()) LOG.warn("not in the catalog's log: {}", result.getProblem().getWhat());
    });
  }
}
