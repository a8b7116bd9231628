package sluice.console.ui.act;

import java.util.Optional;
import org.eclipse.jface.window.Window;
import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.IInputValidator;
import org.eclipse.jface.dialogs.InputDialog;
import org.eclipse.swt.widgets.Shell;

/** Asks before something is done that cannot be taken back: for the object's name. */
final class Confirm {
  private Confirm() {}

  /** True if the name was typed. */
  static boolean byName(Shell shell, String title, String consequence, String name) {
    IInputValidator same = text -> text.equals(name) ? null : text.isEmpty() ? "" : "That is not its name.";
    InputDialog dialog = new InputDialog(shell, title, consequence + "\n\nType its name, " + name + ", to go on.", "", same) {
      @Override
      protected void createButtonsForButtonBar(org.eclipse.swt.widgets.Composite parent) {
        createButton(parent, IDialogConstants.OK_ID, title, true);
        createButton(parent, IDialogConstants.CANCEL_ID, IDialogConstants.CANCEL_LABEL, false);
        getText().setFocus();
        validateInput();
      }
    };
    return dialog.open() == Window.OK;
  }

  /** A text that is checked while it is typed; empty if the dialog was cancelled. */
  static Optional<String> text(Shell shell, String title, String question, String begin, IInputValidator check) {
    InputDialog dialog = new InputDialog(shell, title, question, begin, check);
    return dialog.open() == Window.OK ? Optional.of(dialog.getValue()) : Optional.empty();
  }
}
