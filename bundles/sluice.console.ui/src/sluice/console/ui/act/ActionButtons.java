package sluice.console.ui.act;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.RowLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.look.Icons;

/** Actions as buttons in a row, for one subject. UI thread. */
public final class ActionButtons {
  private final Composite row;
  private List<SanAction> shown = List.of();
  private Subject subject;

  public ActionButtons(Composite parent, IWorkbenchWindow window) {
    row = new Composite(parent, SWT.NONE);
    RowLayout layout = new RowLayout(SWT.HORIZONTAL);
    layout.marginLeft = layout.marginTop = layout.marginBottom = 0;
    row.setLayout(layout);
    subject = new Subject(window, List.of());
  }

  public Composite control() {
    return row;
  }

  /** True if other buttons stand there now. */
  public boolean show(List<SanAction> actions, Subject about) {
    subject = about;
    if (actions.equals(shown)) return false;
    shown = List.copyOf(actions);
    for (Control c : row.getChildren()) c.dispose();
    for (SanAction a : shown) {
      Button button = new Button(row, SWT.PUSH);
      button.setText(a.label());
      button.setImage(Icons.get(a.icon()));
      button.setToolTipText(a.describe());
      button.addListener(SWT.Selection, e -> {
        if (a.possible(subject)) a.run().to(subject);
      });
    }
    row.requestLayout();
    return true;
  }
}
