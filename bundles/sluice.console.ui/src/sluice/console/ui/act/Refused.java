package sluice.console.ui.act;

import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.widgets.Shell;

/** A refusal in words, with what to do. */
final class Refused {
  private Refused() {}

  static void show(Shell shell, String doing, String words) {
    MessageDialog.openError(shell, doing, doing + " was refused.\n\n" + words);
  }
}
