package sluice.console.ui.act;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Reply;

/** Asks a server from the user interface: as a job, which the Progress view shows and which can be cancelled. */
public final class Ask extends Job {
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  private final ShownCluster cluster;
  private final Call.Builder call;
  private final Display display;
  private final Consumer<Reply> then;
  private final Consumer<String> refused;

  private Ask(String doing, ShownCluster cluster, Call.Builder call, Display display, Consumer<Reply> then, Consumer<String> refused) {
    super(doing);
    this.cluster = cluster;
    this.call = call;
    this.display = display;
    this.then = then;
    this.refused = refused;
    setUser(false);
  }

  /** For jobs of this kind, so that whoever waits for them can. */
  @Override
  public boolean belongsTo(Object family) {
    return family == Ask.class;
  }

  /** Has a change made; a refusal is shown in words. */
  static void change(Subject s, String doing, Change.Builder change) {
    call(s, doing, Call.newBuilder().setChange(change), r -> {});
  }

  /** @param then hears of the answer, on the UI thread */
  static void call(Subject s, String doing, Call.Builder call, Consumer<Reply> then) {
    s.cluster().ifPresent(c -> ask(c, doing, call, then, words -> refusal(s.window(), doing, words)));
  }

  /** @param then hears of the answer, @param refused of what the server said instead; both on the UI thread */
  public static void ask(ShownCluster c, String doing, Call.Builder call, Consumer<Reply> then, Consumer<String> refused) {
    new Ask(doing, c, call, Display.getCurrent(), then, refused).schedule();
  }

  private static void refusal(IWorkbenchWindow window, String doing, String words) {
    Refused.show(window.getShell(), doing, words);
  }

  @Override
  protected IStatus run(IProgressMonitor monitor) {
    monitor.beginTask(getName(), IProgressMonitor.UNKNOWN);
    CompletableFuture<Reply> answer = cluster.call(call, DEADLINE, p -> monitor.subTask(p.getText()));
    try {
      while (true) {
        if (monitor.isCanceled()) {
          answer.cancel(false);
          return Status.CANCEL_STATUS;
        }
        try {
          Reply reply = answer.get(200, TimeUnit.MILLISECONDS);
          on(() -> then.accept(reply));
          return Status.OK_STATUS;
        } catch (TimeoutException e) {
          continue;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Status.CANCEL_STATUS;
    } catch (Exception e) {
      String words = Clusters.words(e.getCause() == null ? e : e.getCause());
      on(() -> refused.accept(words));
      return new Status(IStatus.INFO, "sluice.console.ui", getName() + ": " + words);
    } finally {
      monitor.done();
    }
  }

  private void on(Runnable task) {
    if (!display.isDisposed()) display.asyncExec(task);
  }
}
