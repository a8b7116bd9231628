package sluice.console.ui.views;

import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.live.LiveTable;

/** A table with a filter above it. */
abstract class FilteredView<T> extends LiveView {
  private final String name;
  private final String hint;
  private LiveTable<T> table;

  FilteredView(String name, String hint) {
    this.name = name;
    this.hint = hint;
  }

  abstract LiveTable<T> table(Composite parent);

  /** What stands below the table. */
  void below(Composite parent) {}

  @Override
  final void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 0;
    layout.verticalSpacing = 0;
    parent.setLayout(layout);
    Text filter = new Text(parent, SWT.SEARCH | SWT.ICON_SEARCH | SWT.ICON_CANCEL);
    filter.setMessage(hint);
    filter.getAccessible().addAccessibleListener(SanTreeView.name("Filter: " + name));
    filter.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    table = table(parent);
    table.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    table.control().getAccessible().addAccessibleListener(SanTreeView.name(name));
    filter.addListener(SWT.Modify, e -> table.filter(filter.getText()));
    below(parent);
    selects(table, table.control());
  }

  final LiveTable<T> table() {
    return table;
  }

  @Override
  public void setFocus() {
    table.control().setFocus();
  }
}
