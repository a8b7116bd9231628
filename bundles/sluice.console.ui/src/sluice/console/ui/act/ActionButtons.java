package sluice.console.ui.act;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.RowLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import sluice.console.ui.look.Icons;

/** Advice as buttons in a row. UI thread. */
public final class ActionButtons {
  private final Composite row;
  private List<Advice> shown = List.of();

  public ActionButtons(Composite parent) {
    row = new Composite(parent, SWT.NONE);
    RowLayout layout = new RowLayout(SWT.HORIZONTAL);
    layout.marginLeft = layout.marginTop = layout.marginBottom = 0;
    row.setLayout(layout);
  }

  public Composite control() {
    return row;
  }

  /** True if other buttons stand there now. */
  public boolean show(List<Advice> advice) {
    boolean same = advice.stream().map(Advice::action).toList().equals(shown.stream().map(Advice::action).toList());
    shown = List.copyOf(advice);
    if (same) return false;
    for (Control c : row.getChildren()) c.dispose();
    for (int i = 0; i < shown.size(); i++) {
      int at = i;
      SanAction a = shown.get(i).action();
      Button button = new Button(row, SWT.PUSH);
      button.setText(a.label());
      button.setImage(Icons.get(a.icon()));
      button.setToolTipText(a.describe());
      button.addListener(SWT.Selection, e -> {
        Advice now = shown.get(at);
        if (now.action().possible(now.about())) now.action().run().to(now.about());
      });
    }
    row.requestLayout();
    return true;
  }
}
