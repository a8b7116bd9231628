package sluice.console.ui.wizards;

import java.util.function.Supplier;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import sluice.console.ui.look.Icons;

/** Into the clipboard. UI thread. */
public final class Copying {
  private Copying() {}

  /** A button that copies what there is when it is pressed. */
  static Button button(Composite parent, Supplier<String> text) {
    Button copy = new Button(parent, SWT.PUSH);
    copy.setText("Copy");
    copy.setImage(Icons.get("copy"));
    copy.addListener(SWT.Selection, e -> copy(copy.getDisplay(), text.get()));
    return copy;
  }

  public static void copy(Display display, String text) {
    Clipboard clipboard = new Clipboard(display);
    clipboard.setContents(new Object[] {text}, new Transfer[] {TextTransfer.getInstance()});
    clipboard.dispose();
  }
}
