package sluice.console.ui.views;

import java.util.List;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import sluice.console.ui.act.ActionButtons;
import sluice.console.ui.act.Advice;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Looks;
import sluice.model.Alert;
import sluice.model.San;

/** What somebody should see to: what is wrong, since when, what it endangers, what to do, and the buttons that do it. */
public final class AlertsView extends LiveView {
  public static final String ID = "sluice.console.ui.alerts";
  private LiveTable<Alert> table;
  private Label what;
  private Label correction;
  private ActionButtons buttons;

  @Override
  void create(Composite parent) {
    parent.setLayout(new FillLayout());
    SashForm sash = new SashForm(parent, SWT.HORIZONTAL);
    table = new LiveTable<Alert>(sash, a -> Looks.name(a.getSan()) + a.getId())
        .column("Severity", 96, a -> Looks.word(a.getSeverity()), a -> Looks.image(a.getSeverity()))
        .column("What", 420, a -> Format.sentence(a.getText()), null)
        .moments("Since", 80, Alert::getSinceMs, Format::moment, Format::exactly)
        .column("Endangers", 150, Clusters::endangered, null);
    table.control().getAccessible().addAccessibleListener(SanTreeView.name("Alerts"));
    Composite side = new Composite(sash, SWT.NONE);
    GridLayout layout = new GridLayout();
    layout.marginWidth = 10;
    side.setLayout(layout);
    what = wrapped(side);
    what.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
    correction = wrapped(side);
    buttons = new ActionButtons(side);
    buttons.control().setLayoutData(new GridData(SWT.FILL, SWT.TOP, true, false));
    sash.setWeights(64, 36);
    selects(table, table.control());
    table.addSelectionChangedListener(e -> advise());
  }

  private static Label wrapped(Composite parent) {
    Label label = new Label(parent, SWT.WRAP);
    GridData data = new GridData(SWT.FILL, SWT.TOP, true, false);
    data.widthHint = 120;
    label.setLayoutData(data);
    return label;
  }

  @Override
  void refresh() {
    List<Alert> alerts = all(San::getAlerts);
    table.rows(alerts);
    setPartName(alerts.isEmpty() ? "Alerts" : "Alerts (" + alerts.size() + ")");
    advise();
  }

  /** About the selected alert; without a selection about the first. */
  private void advise() {
    IStructuredSelection s = (IStructuredSelection) table.getSelection();
    Alert a = s.getFirstElement() instanceof Alert selected ? selected : table.shown().isEmpty() ? null : table.shown().get(0);
    String nothing = Clusters.get().unknown().isEmpty() ? "There is nothing to see to." : Clusters.get().unknown();
    boolean other = set(what, a == null ? nothing : Format.sentence(a.getText())) | set(correction, a == null || a.getCorrection() == null ? "" : Format.sentence(a.getCorrection()));
    other |= buttons.show(a == null ? List.of() : Advice.of(getSite().getWorkbenchWindow(), a));
    if (other) what.getParent().layout(true, true);
  }

  private static boolean set(Label label, String text) {
    String plain = text.replace("&", "&&");
    if (label.getText().equals(plain)) return false;
    label.setText(plain);
    return true;
  }

  @Override
  public void setFocus() {
    table.control().setFocus();
  }
}
