package sluice.console.ui.views;

import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.Event;
import sluice.model.San;

/** What happened, newest first. */
public final class EventsView extends LiveView {
  public static final String ID = "sluice.console.ui.events";
  private Text filter;
  private LiveTable<Event> table;

  @Override
  void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    parent.setLayout(layout);
    filter = new Text(parent, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL);
    filter.setMessage("filter events");
    filter.getAccessible().addAccessibleListener(SanTreeView.name("Filter of the events"));
    filter.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    table = events(parent);
    table.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    filter.addListener(SWT.Modify, e -> table.filter(filter.getText()));
    selects(table, table.control());
  }

  /** The table, as pages of objects have it too. */
  public static LiveTable<Event> events(Composite parent) {
    LiveTable<Event> table = new LiveTable<Event>(parent, e -> Looks.name(e.getSan()) + e.getNumber())
        .column("Severity", 100, e -> Looks.word(e.getSeverity()), e -> Looks.image(e.getSeverity()))
        .moments("When", 120, Event::getTimeMs, Format::moment, Format::exactly)
        .column("What happened", 620, Event::getText, null)
        .column("Kind", 150, Event::getKind, null)
        .figures("Number", 80, e -> Long.toString(e.getNumber()), Event::getNumber, null)
        .selects(Clusters::firstObject)
        .sortBy(4, true);
    table.control().getAccessible().addAccessibleListener(SanTreeView.name("Events"));
    return table;
  }

  @Override
  void refresh() {
    table.rows(all(San::getEvents));
  }

  @Override
  public void setFocus() {
    table.control().setFocus();
  }
}
