package sluice.console.ui.wizards;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.jface.wizard.Wizard;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbenchPage;
import org.eclipse.ui.PlatformUI;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.editor.ObjectEditor;
import sluice.model.SanObject;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Reply;

/** Something that is done on one cluster: fields, then the plan with its command. */
abstract class SanWizard extends Wizard {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final int LOOKS = 40;

  final ShownCluster cluster;

  SanWizard(ShownCluster cluster, String title) {
    this.cluster = cluster;
    setWindowTitle(title + " \u2013 " + cluster.name());
    setNeedsProgressMonitor(true);
  }

  /** What is asked of the server, one after the other. */
  abstract List<Call.Builder> calls();

  /** What will happen, in sentences. */
  abstract List<String> plan();

  /** The command that does the same. */
  abstract String command();

  /** It has been done. @param last the last answer */
  void done(Reply last) {}

  /** The fields' page is followed by the plan's. */
  final void pages(WizardPage... fields) {
    for (WizardPage p : fields) addPage(p);
    addPage(new PlanPage(this::plan, this::command));
  }

  @Override
  public boolean performFinish() {
    List<Call.Builder> calls = calls();
    Reply[] last = {Reply.getDefaultInstance()};
    try {
      getContainer().run(true, true, monitor -> {
        monitor.beginTask(getWindowTitle(), IProgressMonitor.UNKNOWN);
        for (Call.Builder call : calls) last[0] = await(cluster.call(call, DEADLINE, p -> monitor.subTask(p.getText())), monitor);
      });
    } catch (InvocationTargetException e) {
      return refused(Clusters.words(e.getCause()));
    } catch (InterruptedException e) {
      return refused("It was cancelled; the server may have begun it. Look at the present state before you try again.");
    }
    done(last[0]);
    return true;
  }

  /** Tells it where it was asked; all that was typed stays. */
  private boolean refused(String words) {
    if (getContainer().getCurrentPage() instanceof WizardPage page) page.setErrorMessage(words);
    return false;
  }

  private static Reply await(CompletableFuture<Reply> answer, IProgressMonitor monitor) throws InvocationTargetException, InterruptedException {
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

  /** Opens and selects what was made, once the picture shows it. */
  final void reveal(Reply reply) {
    if (reply.getDone().getObjectsCount() > 0) reveal(reply.getDone().getObjects(0));
  }

  final void reveal(String id) {
    IWorkbenchPage page = PlatformUI.getWorkbench().getActiveWorkbenchWindow().getActivePage();
    look(page, id, LOOKS);
  }

  private void look(IWorkbenchPage page, String id, int left) {
    Optional<SanObject> made = Clusters.find(cluster.san(), id);
    if (made.isPresent()) ObjectEditor.open(page, made.get());
    else if (left > 0) Display.getCurrent().timerExec(100, () -> look(page, id, left - 1));
  }

  /** A word of a command line, quoted if it has to be. */
  static String word(String s) {
    return s.matches("[A-Za-z0-9._:/=@%+,-]+") ? s : "'" + s.replace("'", "'\\''") + "'";
  }
}
