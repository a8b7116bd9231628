package sluice.console.ui.views;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jface.action.Action;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import sluice.client.ManagementClient;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.protocol.v1.AuditEntry;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ListAudit;

/** Who asked for what, when, from where, and whether it was allowed. Asked for anew when a cluster's picture has changed. */
public final class AuditView extends LiveView {
  public static final String ID = "sluice.console.ui.audit";
  private static final int MOST = 10_000;

  private Text filter;
  private Label note;
  private LiveTable<Row> table;
  private final java.util.Map<ShownCluster, Long> asked = new java.util.HashMap<>();
  private final java.util.Map<ShownCluster, List<Row>> known = new java.util.HashMap<>();

  private record Row(String cluster, AuditEntry entry) {}

  @Override
  void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    parent.setLayout(layout);
    filter = new Text(parent, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL);
    filter.setMessage("filter by who, what or where");
    filter.getAccessible().addAccessibleListener(SanTreeView.name("Filter of the audit log"));
    filter.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    table = new LiveTable<Row>(parent, r -> r.cluster + r.entry.getRevision() + r.entry.getTimeMs() + r.entry.getAction())
        .column("Outcome", 110, r -> r.entry.getRefused() ? "refused" : "done", r -> Icons.get(r.entry.getRefused() ? "state-failed" : "state-healthy"))
        .moments("When", 120, r -> r.entry.getTimeMs(), Format::moment, Format::exactly)
        .column("Who", 160, r -> r.entry.getActor().getKind().name().toLowerCase(java.util.Locale.ROOT) + " " + r.entry.getActor().getName(), null)
        .column("From", 150, r -> r.entry.getActor().getAddress(), null)
        .column("What", 460, r -> r.entry.getAction(), null)
        .column("Why refused", 320, r -> r.entry.getReason(), null)
        .figures("Revision", 90, r -> Long.toString(r.entry.getRevision()), r -> r.entry.getRevision(), null)
        .sortBy(1, true);
    table.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.control().getAccessible().addAccessibleListener(SanTreeView.name("Audit log"));
    note = new Label(parent, SWT.NONE);
    note.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    filter.addListener(SWT.Modify, e -> table.filter(filter.getText()));
    selects(table, table.control());
    Action again = new Action("Ask again") {
      @Override
      public void run() {
        asked.clear();
        refresh();
      }
    };
    again.setImageDescriptor(Icons.descriptor("refresh"));
    again.setToolTipText("Ask the servers for their audit logs again");
    getViewSite().getActionBars().getToolBarManager().add(again);
  }

  @Override
  void refresh() {
    List<ShownCluster> now = Clusters.get().all();
    known.keySet().retainAll(now);
    for (ShownCluster c : now) if (c.connected() && !Long.valueOf(c.view().number()).equals(asked.put(c, c.view().number()))) ask(c);
    show();
  }

  private void ask(ShownCluster c) {
    Display display = filter.getDisplay();
    c.call(Call.newBuilder().setListAudit(ListAudit.newBuilder().setLimit(MOST)), ManagementClient.DEADLINE, p -> {}).whenComplete((reply, failure) ->
        display.asyncExec(() -> {
          if (filter.isDisposed()) return;
          List<Row> rows = new ArrayList<>();
          if (failure == null) for (AuditEntry e : reply.getAudit().getEntriesList()) rows.add(new Row(c.name(), e));
          if (failure == null) known.put(c, rows);
          note.setText(failure == null ? "" : Clusters.words(failure));
          show();
        }));
  }

  private void show() {
    List<Row> rows = new ArrayList<>();
    known.values().forEach(rows::addAll);
    table.rows(rows);
  }

  @Override
  public void setFocus() {
    table.control().setFocus();
  }
}
