package sluice.console.ui.views;

import java.util.List;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Label;
import org.eclipse.swt.widgets.Scale;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.core.ops.Operation;
import sluice.console.core.ops.Operations;
import sluice.console.core.verdict.Action;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.act.OperationJob;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Format;
import sluice.model.Task;

/** How much a task may copy in a second, by a slider: each notch is half as much again, the last one is no limit of its own. */
final class LimitSlider {
  private static final long LEAST = 1 << 20;
  private static final int NOTCHES = 20;
  /** Whoever drags on is not done yet. */
  private static final int SETTLED_MS = 500;

  private final IWorkbenchWindow window;
  private final Composite pane;
  private final Scale scale;
  private final Label words;
  private ShownCluster cluster;
  private Task task;
  private int moved;
  private boolean waiting;

  LimitSlider(Composite parent, IWorkbenchWindow window) {
    this.window = window;
    pane = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(3, false);
    layout.marginWidth = layout.marginHeight = 0;
    pane.setLayout(layout);
    new Label(pane, SWT.NONE).setText("Limit");
    scale = new Scale(pane, SWT.HORIZONTAL);
    scale.setMaximum(NOTCHES);
    scale.setPageIncrement(4);
    scale.setSelection(NOTCHES);
    scale.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    scale.getAccessible().addAccessibleListener(SanTreeView.name("Limit of the recovery's rate"));
    words = new Label(pane, SWT.NONE);
    GridData wide = new GridData(SWT.LEFT, SWT.CENTER, false, false);
    wide.widthHint = 160;
    words.setLayoutData(wide);
    scale.addListener(SWT.Selection, e -> {
      waiting = true;
      say();
      int number = ++moved;
      scale.getDisplay().timerExec(SETTLED_MS, () -> {
        if (number == moved && !scale.isDisposed()) set();
      });
    });
  }

  Control control() {
    return pane;
  }

  /** What the task's limit is, unless somebody is changing it. */
  void show(ShownCluster c, Task t) {
    cluster = c;
    task = t;
    scale.setEnabled(Operations.whyNot(Action.THROTTLE_TASK, c.connection(), key()).isEmpty());
    if (waiting) return;
    int notch = notch(t.getMaxBytesPerSecond());
    if (scale.getSelection() != notch) scale.setSelection(notch);
    say();
  }

  private ObjectKey key() {
    return new ObjectKey(ObjectKey.Kind.TASK, task.getId());
  }

  static long bytes(int notch) {
    return (long) (LEAST * Math.pow(1.5, notch));
  }

  private static int notch(long bytes) {
    if (bytes <= 0) return NOTCHES;
    return (int) Math.max(0, Math.min(NOTCHES - 1, Math.round(Math.log((double) bytes / LEAST) / Math.log(1.5))));
  }

  private void say() {
    int notch = scale.getSelection();
    String text = notch >= NOTCHES ? "as the pool says" : "at most " + Format.rate(bytes(notch));
    if (!words.getText().equals(text)) words.setText(text);
  }

  private void set() {
    waiting = false;
    int notch = scale.getSelection();
    Operation o = Operations.of(Action.THROTTLE_TASK, cluster.view(), List.of(key()));
    o.set("rate", notch >= NOTCHES ? "none" : bytes(notch) / 1024 + "KiB/s");
    if (o.ready()) OperationJob.start(window.getShell(), cluster, o);
  }
}
