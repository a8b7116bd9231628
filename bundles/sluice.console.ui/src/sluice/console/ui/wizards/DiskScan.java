package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import sluice.console.core.ops.Refusal;
import sluice.console.core.ops.StorageOperations;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.protocol.v1.ScanResult;
import sluice.protocol.v1.ScannedDisk;

/** The block devices that the server sees, to tick; what is on each, and why it cannot be taken. */
final class DiskScan {
  private static final String[] TITLES = {"Disk", "Capacity", "What is on it", "Why not"};
  private static final int[] WIDTHS = {220, 90, 160, 240};

  private final ShownCluster cluster;
  private final Table table;
  private final Label note;

  DiskScan(Composite body, ShownCluster cluster, Consumer<List<String>> ticked) {
    this.cluster = cluster;
    new Label(body, SWT.NONE);
    Button look = new Button(body, SWT.PUSH);
    look.setText("Look for disks that the server sees");
    look.setImage(Icons.get("refresh"));
    look.setLayoutData(new GridData(SWT.LEFT, SWT.CENTER, false, false));
    note = new Label(body, SWT.WRAP);
    note.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, false, false));
    table = new Table(body, SWT.CHECK | SWT.BORDER | SWT.FULL_SELECTION | SWT.V_SCROLL);
    table.setHeaderVisible(true);
    for (int i = 0; i < TITLES.length; i++) {
      TableColumn c = new TableColumn(table, i == 1 ? SWT.RIGHT : SWT.LEFT);
      c.setText(TITLES[i]);
      c.setWidth(WIDTHS[i]);
    }
    GridData data = new GridData(SWT.FILL, SWT.FILL, true, true, 3, 1);
    data.heightHint = 140;
    table.setLayoutData(data);
    look.addListener(SWT.Selection, e -> look());
    table.addListener(SWT.Selection, e -> {
      if (e.item instanceof TableItem i && i.getChecked() && !((ScannedDisk) i.getData()).getAddable()) i.setChecked(false);
      List<String> uris = new ArrayList<>();
      for (TableItem i : table.getItems()) if (i.getChecked()) uris.add(((ScannedDisk) i.getData()).getUri());
      ticked.accept(uris);
    });
  }

  private void look() {
    note.setText("Looking\u2026");
    Display display = table.getDisplay();
    StorageOperations.scan(cluster.connection(), List.of()).whenComplete((found, failure) -> display.asyncExec(() -> {
      if (table.isDisposed()) return;
      if (failure != null) note.setText(Refusal.of(failure).text());
      else show(found);
      note.getParent().layout(true, true);
    }));
  }

  private void show(ScanResult found) {
    table.removeAll();
    int can = 0;
    for (ScannedDisk d : found.getDisksList()) {
      TableItem item = new TableItem(table, SWT.NONE);
      item.setText(new String[] {d.getUri(), Format.bytes(d.getCapacityBytes()), d.getWhat(), d.getWhyNot()});
      item.setImage(Icons.get(d.getAddable() ? "disk" : "state-offline"));
      item.setData(d);
      if (d.getAddable()) can++;
    }
    note.setText(table.getItemCount() == 0 ? "The server sees no block devices; type where disks are." : can + " of " + table.getItemCount() + " can be added.");
  }
}
