package sluice.console.ui.wizards;

import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.jface.wizard.WizardDialog;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.core.ops.Operation;
import sluice.console.core.ops.Outcome;
import sluice.console.core.ops.Refusal;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.editor.ObjectEditor;
import sluice.model.SanObject;

/**
 * Any operation as a wizard: its fields, then the plan with its command. What the operation asks for, checks, plans and does
 * is its own; here is how it looks.
 */
public final class OperationWizard extends Wizard {
  /** How often the new object is looked for in the picture, a tenth of a second apart. */
  private static final int LOOKS = 100;

  private final IWorkbenchWindow window;
  private final ShownCluster cluster;
  private final Operation operation;
  private final String title;
  private final OperationPage fields;
  private final PlanPage plan;

  private OperationWizard(IWorkbenchWindow window, ShownCluster cluster, Operation operation) {
    this.window = window;
    this.cluster = cluster;
    this.operation = operation;
    title = operation.action().label().replace("\u2026", "");
    setWindowTitle(title + " \u2013 " + cluster.name());
    setNeedsProgressMonitor(true);
    fields = new OperationPage(cluster, operation, title);
    plan = new PlanPage(cluster, operation);
    addPage(fields);
    addPage(plan);
  }

  /** Opens it and returns when it is closed. */
  public static void open(IWorkbenchWindow window, ShownCluster cluster, Operation operation) {
    WizardDialog dialog = new WizardDialog(window.getShell(), new OperationWizard(window, cluster, operation));
    dialog.setPageSize(760, 430);
    dialog.open();
  }

  /** What the server plans has to be seen first, and to be possible. */
  @Override
  public boolean canFinish() {
    if (!fields.isPageComplete()) return false;
    return !OperationPage.plans(operation) || getContainer().getCurrentPage() == plan && plan.isPageComplete();
  }

  @Override
  public boolean performFinish() {
    Outcome[] outcome = new Outcome[1];
    try {
      getContainer().run(true, true, monitor -> {
        monitor.beginTask(title, IProgressMonitor.UNKNOWN);
        outcome[0] = await(operation.run(cluster.connection(), (text, done, total) -> monitor.subTask(text)), monitor);
      });
    } catch (InvocationTargetException e) {
      return refused(Refusal.of(e.getCause()).text());
    } catch (InterruptedException e) {
      return refused("It was cancelled; the server may have begun it. Look at the present state before you try again.");
    }
    Display.getCurrent().asyncExec(() -> done(outcome[0]));
    return true;
  }

  private boolean refused(String words) {
    if (getContainer().getCurrentPage() == plan) plan.refused(words);
    else fields.refused(words);
    return false;
  }

  private static Outcome await(CompletableFuture<Outcome> answer, IProgressMonitor monitor) throws InvocationTargetException, InterruptedException {
    while (true) {
      if (monitor.isCanceled()) {
        answer.cancel(false);
        throw new InterruptedException();
      }
      try {
        return answer.get(100, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // It takes its time.
        continue;
      } catch (ExecutionException e) {
        throw new InvocationTargetException(e.getCause());
      }
    }
  }

  private void done(Outcome outcome) {
    if (!outcome.objects().isEmpty()) look(window.getActivePage(), outcome.objects().get(0), LOOKS);
    if (!outcome.follow().isEmpty()) new FollowDialog(window.getShell(), title, outcome).open();
    else if (!outcome.notes().isEmpty()) MessageDialog.openInformation(window.getShell(), title, outcome.text() + "\n\n" + String.join("\n", outcome.notes()));
  }

  /** Opens the page of what was made or changed, once the picture shows it. */
  private void look(IWorkbenchPage page, String id, int left) {
    if (page == null) return;
    Optional<SanObject> made = Clusters.find(cluster.san(), id);
    if (made.isPresent()) ObjectEditor.open(page, made.get());
    else if (left > 0) Display.getCurrent().timerExec(100, () -> look(page, id, left - 1));
  }
}
