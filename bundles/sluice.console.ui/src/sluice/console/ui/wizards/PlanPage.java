package sluice.console.ui.wizards;

import java.util.List;
import java.util.function.Supplier;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.dnd.Clipboard;
import org.eclipse.swt.dnd.TextTransfer;
import org.eclipse.swt.dnd.Transfer;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Button;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import sluice.console.ui.look.Icons;

/** The last page: what will happen, in sentences, and the command that does the same. */
final class PlanPage extends WizardPage {
  private final Supplier<List<String>> plan;
  private final Supplier<String> command;
  private Text sentences;
  private Text line;

  PlanPage(Supplier<List<String>> plan, Supplier<String> command) {
    super("plan", "What will happen", null);
    setDescription("Nothing has been done yet. Finish does it.");
    this.plan = plan;
    this.command = command;
  }

  @Override
  public void createControl(Composite parent) {
    Composite body = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = 12;
    layout.verticalSpacing = 8;
    body.setLayout(layout);
    sentences = new Text(body, SWT.READ_ONLY | SWT.MULTI | SWT.WRAP | SWT.V_SCROLL | SWT.BORDER);
    sentences.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1));
    Label label = new Label(body, SWT.NONE);
    label.setText("The same on the command line:");
    label.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1));
    line = new Text(body, SWT.READ_ONLY | SWT.SINGLE | SWT.BORDER);
    line.setFont(JFaceResources.getTextFont());
    line.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    Button copy = new Button(body, SWT.PUSH);
    copy.setText("Copy");
    copy.setImage(Icons.get("copy"));
    copy.addListener(SWT.Selection, e -> {
      Clipboard clipboard = new Clipboard(copy.getDisplay());
      clipboard.setContents(new Object[] {line.getText()}, new Transfer[] {TextTransfer.getInstance()});
      clipboard.dispose();
    });
    setControl(body);
  }

  @Override
  public void setVisible(boolean visible) {
    if (visible) {
      setErrorMessage(null);
      sentences.setText(String.join("\n\n", plan.get()));
      line.setText(command.get());
    }
    super.setVisible(visible);
  }
}
