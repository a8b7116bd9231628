package sluice.core.catalog;

import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.NoteEvent;
import sluice.protocol.v1.Severity;

/** What the server writes down: refusals that it decided itself, and what it saw. */
public final class ServerNotes {
  /** Kind of the event that the server has been started, which is in the audit log as well: what it did from then on it did anew. */
  public static final String STARTED = "server-started";

  private ServerNotes() {}

  /** A refusal that was decided before the catalog stands in the audit log as one, though noting it is applied. */
  static void mark(AuditEntry.Builder entry, Change change) {
    if (!change.hasNoteRefusal()) return;
    entry.setRefused(true).setReason(Words.cut(change.getNoteRefusal().getReason(), CatalogLimits.TEXT_CHARS));
  }

  /**
   * Nobody asked for an event, so there is nobody to audit; and checkpoints of long tasks, every few seconds, would drive
   * everything else out of the log.
   */
  static boolean isAudited(Change change, boolean refused) {
    boolean noted = change.hasNoteEvent() && !change.getNoteEvent().getEvent().getKind().equals(STARTED);
    return refused || !noted && !change.hasNoteLegFilled() && !change.hasNoteVerified();
  }

  static void event(Transaction t, NoteEvent note) {
    Event event = note.getEvent();
    if (!FieldRules.isName(event.getKind())) {
      throw Refusal.invalid("An event has no kind", "it is a stable word of a-z, 0-9 and '-'", "name one like route-changed");
    }
    boolean severe = event.getSeverity() != Severity.SEVERITY_UNSPECIFIED && event.getSeverity() != Severity.UNRECOGNIZED;
    String[] objects = event.getObjectsList().stream().limit(CatalogLimits.OBJECTS)
        .map(id -> Words.cut(id, CatalogLimits.NAME_CHARS)).toArray(String[]::new);
    t.event(severe ? event.getSeverity() : Severity.INFO, event.getKind(), Words.cut(event.getText(), CatalogLimits.TEXT_CHARS), objects);
  }
}
