package sluice.console.ui.views;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jface.action.Action;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
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
public final class AuditView extends FilteredView<AuditView.Row> {
  public static final String ID = "sluice.console.ui.audit";
  private static final int MOST = 10_000;

  private Label note;
  private final java.util.Map<ShownCluster, Long> asked = new java.util.HashMap<>();
  private final java.util.Map<ShownCluster, List<Row>> known = new java.util.HashMap<>();

  record Row(String cluster, AuditEntry entry) {}

  public AuditView() {
    super("Audit log", "filter by who, what or where");
  }

  @Override
  LiveTable<Row> table(Composite parent) {
    return new LiveTable<Row>(parent, r -> r.cluster + r.entry.getRevision() + r.entry.getTimeMs() + r.entry.getAction())
        .column("Outcome", 110, r -> r.entry.getRefused() ? "refused" : "done", r -> Icons.get(r.entry.getRefused() ? "state-failed" : "state-healthy"))
        .moments("When", 120, r -> r.entry.getTimeMs(), Format::moment, Format::exactly)
        .column("Who", 160, r -> r.entry.getActor().getKind().name().toLowerCase(java.util.Locale.ROOT) + " " + r.entry.getActor().getName(), null)
        .column("From", 150, r -> r.entry.getActor().getAddress(), null)
        .column("What", 460, r -> r.entry.getAction(), null)
        .column("Why refused", 320, r -> r.entry.getReason(), null)
        .figures("Revision", 90, r -> Long.toString(r.entry.getRevision()), r -> r.entry.getRevision(), null)
        .sortBy(1, true);
  }

  @Override
  void below(Composite parent) {
    note = new Label(parent, SWT.NONE);
    note.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
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
    Display display = note.getDisplay();
    c.call(Call.newBuilder().setListAudit(ListAudit.newBuilder().setLimit(MOST)), ManagementClient.DEADLINE, p -> {}).whenComplete((reply, failure) ->
        display.asyncExec(() -> {
          if (note.isDisposed()) return;
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
    table().rows(rows);
  }
}
