package sluice.console.ui.wizards;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jface.wizard.WizardPage;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import sluice.console.core.ops.Field;
import sluice.console.core.ops.Finding;
import sluice.console.core.ops.Operation;
import sluice.console.core.verdict.Action;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;

/**
 * The fields of an operation. At the start it prompts; what is wrong with a field is told beside it while it is typed, and
 * what would happen is asked of the server as soon as there is enough to ask.
 */
final class OperationPage extends WizardPage {
  private static final int ASK_AFTER_MS = 250;

  private final ShownCluster cluster;
  private final Operation operation;
  private final List<FieldRow> rows = new ArrayList<>();
  private final Runnable gone = this::look;
  private Composite body;
  private Said said;
  private PlanPane plan;
  private int change;

  OperationPage(ShownCluster cluster, Operation operation, String title) {
    super("fields", title, null);
    this.cluster = cluster;
    this.operation = operation;
  }

  @Override
  public void createControl(Composite parent) {
    body = new Composite(parent, SWT.NONE);
    GridLayout layout = new GridLayout(3, false);
    layout.marginWidth = 12;
    layout.horizontalSpacing = 12;
    layout.verticalSpacing = 6;
    body.setLayout(layout);
    fields();
    if (operation.action() == Action.ADD_DISKS) new DiskScan(body, cluster, this::found);
    said = new Said(body).wide(3);
    if (plans(operation)) {
      plan = new PlanPane(body, cluster, () -> {});
      plan.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true, 3, 1));
    }
    setControl(body);
    Clusters.get().addListener(gone);
    body.addListener(SWT.Dispose, e -> Clusters.get().removeListener(gone));
    touched();
  }

  /** Does the server tell what such an operation would do? */
  static boolean plans(Operation operation) {
    return switch (operation.action()) {
      case CREATE_VOLUME, RESIZE_VOLUME, ADD_LEG, DROP_LEG, EVACUATE_DISK, REPLACE_DISK, REBALANCE_POOL, RELAYOUT_VOLUME -> true;
      default -> false;
    };
  }

  /** Rows are those of the fields there are now: a volume that would become smaller asks for its name, for one. */
  private void fields() {
    List<Field> now = operation.fields();
    List<String> names = now.stream().map(Field::name).toList();
    rows.removeIf(r -> {
      if (names.contains(r.name())) return false;
      r.dispose();
      return true;
    });
    for (int i = 0; i < now.size(); i++) {
      if (i < rows.size() && rows.get(i).name().equals(now.get(i).name())) {
        rows.get(i).look(now.get(i));
        continue;
      }
      FieldRow row = new FieldRow(body, operation, now.get(i), this::touched);
      if (i > 0) row.after(rows.get(i - 1));
      rows.add(i, row);
    }
  }

  /** What the disks' scan has found, and is ticked there. */
  private void found(List<String> uris) {
    for (FieldRow r : rows) if (r.name().equals("uris") && r.control() instanceof org.eclipse.swt.widgets.Text t) t.setText(String.join(", ", uris));
  }

  /** The SAN has gone on. */
  private void look() {
    if (body.isDisposed()) return;
    operation.look(cluster.view());
    touched();
  }

  private void touched() {
    int before = rows.size();
    fields();
    if (rows.size() != before) body.layout(true, true);
    List<Finding> findings = operation.check();
    for (FieldRow r : rows) r.say(findings);
    said.say(findings.stream().filter(f -> f.field().isEmpty() && f.kind() != Finding.Kind.PROMPT).findFirst().orElse(null));
    setDescription(findings.stream().filter(f -> f.kind() == Finding.Kind.PROMPT).map(Finding::text).findFirst().orElse(operation.ready() ? operation.summary() : getTitle()));
    setErrorMessage(null);
    setPageComplete(operation.ready());
    if (plan == null) return;
    int number = ++change;
    if (operation.plannable()) Display.getCurrent().timerExec(ASK_AFTER_MS, () -> {
      if (number == change && !body.isDisposed() && operation.plannable()) plan.ask(operation);
    });
    else plan.nothing("What would happen is shown here as soon as there is enough to ask the server.");
  }

  /** The server has not done it; all that was typed stays. */
  void refused(String words) {
    said.say("state-failed", words);
    setErrorMessage(words.lines().findFirst().orElse(""));
  }

  @Override
  public void setVisible(boolean visible) {
    super.setVisible(visible);
    if (visible) rows.stream().filter(r -> operation.get(r.name()).isEmpty()).findFirst().ifPresent(r -> r.control().setFocus());
  }
}
