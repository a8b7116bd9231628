package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Table;
import org.eclipse.swt.widgets.TableColumn;
import org.eclipse.swt.widgets.TableItem;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.model.Disk;

/** Disks to tick. */
final class DiskChecks {
  private final Table table;

  DiskChecks(Composite parent, List<Disk> disks, List<Disk> ticked, Runnable changed) {
    table = new Table(parent, SWT.CHECK | SWT.BORDER | SWT.FULL_SELECTION | SWT.V_SCROLL);
    table.setHeaderVisible(true);
    for (String title : List.of("Disk", "Capacity", "Failure domain", "Spare")) {
      TableColumn c = new TableColumn(table, title.equals("Capacity") ? SWT.RIGHT : SWT.LEFT);
      c.setText(title);
      c.setWidth(title.equals("Disk") ? 180 : 110);
    }
    for (Disk d : disks) {
      TableItem item = new TableItem(table, SWT.NONE);
      item.setText(new String[] {d.getName(), Format.bytes(d.getCapacityBytes()), d.getDomain() == null ? "" : d.getDomain(), d.isSpare() ? "yes" : ""});
      item.setImage(Icons.get("disk"));
      item.setData(d);
      item.setChecked(ticked.contains(d));
    }
    GridData data = new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1);
    data.heightHint = 160;
    table.setLayoutData(data);
    table.addListener(SWT.Selection, e -> changed.run());
  }

  Table control() {
    return table;
  }

  List<Disk> ticked() {
    List<Disk> found = new ArrayList<>();
    for (TableItem i : table.getItems()) if (i.getChecked()) found.add((Disk) i.getData());
    return found;
  }
}
