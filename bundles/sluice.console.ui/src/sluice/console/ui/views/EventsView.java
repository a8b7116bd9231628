package sluice.console.ui.views;

import org.eclipse.swt.widgets.Composite;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.Event;
import sluice.model.San;

/** What happened, newest first. */
public final class EventsView extends FilteredView<Event> {
  public static final String ID = "sluice.console.ui.events";

  public EventsView() {
    super("Events", "filter events");
  }

  @Override
  LiveTable<Event> table(Composite parent) {
    return events(parent);
  }

  /** The table, as pages of objects have it too. */
  public static LiveTable<Event> events(Composite parent) {
    return new LiveTable<Event>(parent, e -> Looks.name(e.getSan()) + e.getNumber())
        .column("Severity", 100, e -> Looks.word(e.getSeverity()), e -> Looks.image(e.getSeverity()))
        .moments("When", 120, Event::getTimeMs, Format::moment, Format::exactly)
        .column("What happened", 620, Event::getText, null)
        .column("Kind", 150, Event::getKind, null)
        .figures("Number", 80, e -> Long.toString(e.getNumber()), Event::getNumber, null)
        .selects(Clusters::firstObject)
        .sortBy(4, true);
  }

  @Override
  void refresh() {
    table().rows(all(San::getEvents));
  }
}
