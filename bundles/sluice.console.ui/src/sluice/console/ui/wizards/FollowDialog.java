package sluice.console.ui.wizards;

import org.eclipse.jface.dialogs.IDialogConstants;
import org.eclipse.jface.dialogs.TitleAreaDialog;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.swt.widgets.Text;
import sluice.console.core.ops.Outcome;

/** What was done, and what is to be run or used elsewhere now: a command with a token, an export's URI. */
final class FollowDialog extends TitleAreaDialog {
  private final String title;
  private final Outcome outcome;

  FollowDialog(Shell shell, String title, Outcome outcome) {
    super(shell);
    this.title = title;
    this.outcome = outcome;
    setShellStyle(getShellStyle() | SWT.RESIZE);
  }

  @Override
  protected void configureShell(Shell shell) {
    super.configureShell(shell);
    shell.setText(title);
  }

  @Override
  protected Control createDialogArea(Composite parent) {
    setTitle(title);
    setMessage(outcome.text() + (outcome.secret().isEmpty() ? "" : " It is shown here only."));
    Composite body = new Composite((Composite) super.createDialogArea(parent), SWT.NONE);
    body.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    GridLayout layout = new GridLayout();
    layout.marginWidth = 12;
    body.setLayout(layout);
    Text line = new Text(body, SWT.READ_ONLY | SWT.MULTI | SWT.WRAP | SWT.V_SCROLL | SWT.BORDER);
    line.setFont(JFaceResources.getTextFont());
    GridData wide = new GridData(SWT.FILL, SWT.FILL, true, true);
    wide.widthHint = 560;
    wide.heightHint = 110;
    line.setLayoutData(wide);
    line.setText(String.join("\n", outcome.notes()) + (outcome.notes().isEmpty() ? "" : "\n\n") + outcome.follow());
    Copying.button(body, outcome::follow);
    return body;
  }

  @Override
  protected void createButtonsForButtonBar(Composite parent) {
    createButton(parent, IDialogConstants.OK_ID, IDialogConstants.CLOSE_LABEL, true);
  }
}
