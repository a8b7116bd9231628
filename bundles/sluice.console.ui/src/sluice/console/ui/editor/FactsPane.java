package sluice.console.ui.editor;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.ScrolledComposite;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;

/** Facts in two columns; the values can be selected and copied. */
public final class FactsPane {
  private final ScrolledComposite scroll;
  private final Composite grid;
  private List<Facts.Fact> shown = List.of();
  private final List<Text> values = new ArrayList<>();

  public FactsPane(Composite parent) {
    scroll = new ScrolledComposite(parent, SWT.V_SCROLL);
    scroll.setExpandHorizontal(true);
    scroll.setExpandVertical(true);
    grid = new Composite(scroll, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = 10;
    layout.horizontalSpacing = 14;
    grid.setLayout(layout);
    scroll.setContent(grid);
    scroll.addListener(SWT.Resize, e -> fit());
  }

  public Control control() {
    return scroll;
  }

  public void show(List<Facts.Fact> facts) {
    if (facts.equals(shown)) return;
    boolean same = facts.stream().map(Facts.Fact::label).toList().equals(shown.stream().map(Facts.Fact::label).toList());
    shown = List.copyOf(facts);
    if (!same) build();
    for (int i = 0; i < shown.size(); i++) {
      Facts.Fact f = shown.get(i);
      if (!values.get(i).getText().equals(f.value())) values.get(i).setText(f.value());
      values.get(i).setToolTipText(f.more().isEmpty() ? null : f.more());
    }
    fit();
  }

  private void build() {
    for (Control c : grid.getChildren()) c.dispose();
    values.clear();
    for (Facts.Fact f : shown) {
      Label label = new Label(grid, SWT.NONE);
      label.setText(f.label().replace("&", "&&"));
      label.setLayoutData(new GridData(SWT.LEFT, SWT.TOP, false, false));
      Text value = new Text(grid, SWT.READ_ONLY | SWT.WRAP);
      GridData wide = new GridData(SWT.FILL, SWT.TOP, true, false);
      wide.widthHint = 160;
      value.setLayoutData(wide);
      value.setText(f.value());
      values.add(value);
    }
    grid.layout(true, true);
  }

  private void fit() {
    int width = scroll.getClientArea().width;
    scroll.setMinSize(grid.computeSize(Math.max(100, width), SWT.DEFAULT));
  }
}
