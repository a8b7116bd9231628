package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Text;
import sluice.console.core.ops.Operation;
import sluice.console.core.ops.Plan;
import sluice.console.core.ops.Refusal;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Icons;
import sluice.protocol.v1.Candidate;

/**
 * What would happen: the steps in sentences, how many disk failures the data survives before, during and after, and for
 * each disk whether it would be used, or why not. Asked of the server, where it plans such things.
 */
final class PlanPane {
  private final ShownCluster cluster;
  private final Composite pane;
  private final Text steps;
  private final LiveTable<Candidate> disks;
  private final Runnable answered;
  private int asked;
  private boolean possible;
  private String refusal = "";

  PlanPane(Composite parent, ShownCluster cluster, Runnable answered) {
    this.cluster = cluster;
    this.answered = answered;
    pane = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 0;
    pane.setLayout(layout);
    steps = new Text(pane, SWT.READ_ONLY | SWT.MULTI | SWT.WRAP | SWT.V_SCROLL | SWT.BORDER);
    GridData text = new GridData(SWT.FILL, SWT.FILL, true, true);
    text.heightHint = 62;
    text.widthHint = 560;
    steps.setLayoutData(text);
    disks = new LiveTable<Candidate>(pane, Candidate::getDiskId)
        .column("Disk", 120, Candidate::getDiskName, c -> Icons.get("disk"))
        .column("Would be used", 130, c -> c.getTaken() ? "yes" : "no", c -> Icons.get(c.getTaken() ? "state-healthy" : "state-offline"))
        .column("Why", 380, Candidate::getReason, null);
    GridData table = new GridData(SWT.FILL, SWT.FILL, true, true);
    table.heightHint = 110;
    disks.control().setLayoutData(table);
    rows(List.of());
  }

  Control control() {
    return pane;
  }

  /** Would it be possible, as far as has been answered? */
  boolean possible() {
    return possible;
  }

  /** Why it would not; empty: nothing is known against it. */
  String refusal() {
    return refusal;
  }

  void nothing(String why) {
    asked++;
    possible = false;
    refusal = "";
    write(why);
    rows(List.of());
  }

  void ask(Operation operation) {
    int number = ++asked;
    possible = false;
    refusal = "";
    if (steps.getText().isEmpty()) write("Asking the server\u2026");
    Display display = pane.getDisplay();
    CompletableFuture<Plan> answer;
    try {
      answer = operation.plan(cluster.connection());
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedFuture(e);
    }
    answer.whenComplete((plan, failure) -> display.asyncExec(() -> {
      if (number != asked || pane.isDisposed()) return;
      if (failure != null) refused(Refusal.of(failure).text(), List.of());
      else show(plan);
      answered.run();
    }));
  }

  private void show(Plan plan) {
    if (!plan.possible()) {
      refused(plan.refusal(), plan.candidates());
      return;
    }
    possible = true;
    List<String> lines = new ArrayList<>(plan.steps());
    if (plan.after() >= 0) lines.add(redundancy(plan));
    write(String.join("\n", lines));
    rows(plan.candidates());
  }

  /** It was asked for, and the server did not do it. */
  void refused(String words, List<Candidate> candidates) {
    possible = false;
    refusal = words.lines().findFirst().orElse("");
    write("Not possible. " + (candidates.isEmpty() ? words : String.join("\n", words.lines().filter(l -> !l.startsWith("  disk ")).toList())));
    rows(candidates);
  }

  static String redundancy(Plan plan) {
    if (plan.before() < 0) return "Any " + disks(plan.after()) + " may fail afterwards, and no data is lost.";
    return "Disks that may fail without loss: now " + plan.before() + ", meanwhile " + plan.during() + ", afterwards " + plan.after() + ".";
  }

  private static String disks(int n) {
    return n + (n == 1 ? " disk" : " disks");
  }

  private void write(String text) {
    if (!steps.getText().equals(text)) steps.setText(text);
  }

  private void rows(List<Candidate> candidates) {
    disks.rows(candidates);
    boolean there = !candidates.isEmpty();
    GridData data = (GridData) disks.control().getLayoutData();
    if (data.exclude == !there) return;
    data.exclude = !there;
    disks.control().setVisible(there);
    pane.layout(true, true);
  }
}
