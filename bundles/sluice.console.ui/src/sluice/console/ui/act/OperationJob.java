package sluice.console.ui.act;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jface.dialogs.MessageDialog;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Shell;
import sluice.console.core.ops.Operation;
import sluice.console.core.ops.Outcome;
import sluice.console.core.ops.Refusal;
import sluice.console.ui.clusters.ShownCluster;

/** An operation that asks for nothing more: done as a job, which the Progress view shows and which can be cancelled. */
public final class OperationJob extends Job {
  private final ShownCluster cluster;
  private final Operation operation;
  private final Shell shell;

  private OperationJob(Shell shell, ShownCluster cluster, Operation operation) {
    super(operation.summary());
    this.cluster = cluster;
    this.operation = operation;
    this.shell = shell;
  }

  /** A refusal is told in a dialog. UI thread. */
  public static void start(Shell shell, ShownCluster cluster, Operation operation) {
    new OperationJob(shell, cluster, operation).schedule();
  }

  /** For jobs of this kind, so that whoever waits for them can. */
  @Override
  public boolean belongsTo(Object family) {
    return family == OperationJob.class;
  }

  @Override
  protected IStatus run(IProgressMonitor monitor) {
    monitor.beginTask(getName(), IProgressMonitor.UNKNOWN);
    CompletableFuture<Outcome> answer = operation.run(cluster.connection(), (text, done, total) -> monitor.subTask(text));
    try {
      while (true) {
        if (monitor.isCanceled()) {
          answer.cancel(false);
          return Status.CANCEL_STATUS;
        }
        try {
          answer.get(200, TimeUnit.MILLISECONDS);
          return Status.OK_STATUS;
        } catch (TimeoutException e) {
          continue;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Status.CANCEL_STATUS;
    } catch (ExecutionException e) {
      String words = Refusal.of(e).text();
      Display display = shell.isDisposed() ? null : shell.getDisplay();
      if (display != null) display.asyncExec(() -> MessageDialog.openError(shell.isDisposed() ? null : shell, "It was not done", getName() + "\n\n" + words));
      return new Status(IStatus.INFO, "sluice.console.ui", getName() + " " + words);
    } finally {
      monitor.done();
    }
  }
}
