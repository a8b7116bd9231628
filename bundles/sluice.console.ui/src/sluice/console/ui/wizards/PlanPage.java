package sluice.console.ui.wizards;

import java.util.List;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Text;
import sluice.console.core.ops.Operation;
import sluice.console.ui.clusters.ShownCluster;

/** The last page: what will happen, and the command that does the same. What the server plans has to be seen before Finish. */
final class PlanPage extends WizardPage {
  private final ShownCluster cluster;
  private final Operation operation;
  private PlanPane plan;
  private Text line;

  PlanPage(ShownCluster cluster, Operation operation) {
    super("plan", "What will happen", null);
    setDescription("Nothing has been done yet. Finish does it.");
    this.cluster = cluster;
    this.operation = operation;
  }

  @Override
  public void createControl(Composite parent) {
    Composite body = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(2, false);
    layout.marginWidth = 12;
    layout.verticalSpacing = 8;
    body.setLayout(layout);
    plan = new PlanPane(body, cluster, this::answered);
    plan.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1));
    Label label = new Label(body, SWT.NONE);
    label.setText("The same on the command line:");
    label.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false, 2, 1));
    line = new Text(body, SWT.READ_ONLY | SWT.SINGLE | SWT.BORDER);
    line.setFont(JFaceResources.getTextFont());
    line.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    Copying.button(body, () -> line.getText());
    setControl(body);
    setPageComplete(!OperationPage.plans(operation));
  }

  @Override
  public void setVisible(boolean visible) {
    if (visible) {
      setErrorMessage(null);
      line.setText(operation.commandLine().toString());
      plan.ask(operation);
    }
    super.setVisible(visible);
  }

  private void answered() {
    setPageComplete(plan.possible());
    setErrorMessage(plan.refusal().isEmpty() ? null : plan.refusal());
  }

  void refused(String words) {
    plan.refused(words, List.of());
    setErrorMessage(plan.refusal());
  }
}
