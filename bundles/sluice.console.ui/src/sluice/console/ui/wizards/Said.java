package sluice.console.ui.wizards;

import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import sluice.console.core.ops.Finding;
import sluice.console.ui.look.Icons;

/** What is said beside a field: an icon and a sentence. Its place is always there, so nothing jumps while one types. */
final class Said {
  private static final int WIDTH = 270;

  private final Composite pane;
  private final Label icon;
  private final Label words;

  Said(Composite parent) {
    pane = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = layout.marginHeight = 0;
    pane.setLayout(layout);
    GridData place = new GridData(SWT.FILL, SWT.CENTER, false, false);
    place.widthHint = WIDTH;
    pane.setLayoutData(place);
    icon = new Label(pane, SWT.NONE);
    GridData small = new GridData(SWT.LEFT, SWT.TOP, false, false);
    small.widthHint = small.heightHint = 16;
    icon.setLayoutData(small);
    words = new Label(pane, SWT.WRAP);
    words.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, true));
  }

  /** Over the whole width, below the fields. */
  Said wide(int columns) {
    GridData place = new GridData(SWT.FILL, SWT.CENTER, true, false, columns, 1);
    place.widthHint = WIDTH;
    pane.setLayoutData(place);
    return this;
  }

  /** @param finding null: there is nothing to say */
  void say(Finding finding) {
    if (finding == null || finding.kind() == Finding.Kind.PROMPT) say("", "");
    else say(finding.kind() == Finding.Kind.ERROR ? "state-failed" : "state-degraded", finding.text());
  }

  void say(String state, String text) {
    String plain = text.replace("&", "&&");
    if (words.getText().equals(plain)) return;
    words.setText(plain);
    icon.setImage(state.isEmpty() ? null : Icons.get(state));
    pane.getParent().layout(true, true);
  }

  String text() {
    return words.getText();
  }

  void dispose() {
    pane.dispose();
  }

  Composite control() {
    return pane;
  }
}
