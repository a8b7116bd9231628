package sluice.console.ui.views;

import java.util.List;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Display;
import org.eclipse.swt.widgets.Label;
import sluice.console.core.scene.Charts;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Looks;
import sluice.console.ui.picture.ChartCanvas;
import sluice.model.Host;
import sluice.model.Volume;

/** How fast a volume or host has been: what is selected, or the first volume that somebody holds. */
public final class PerformanceView extends LiveView {
  private static final int EVERY_MS = 1000;

  private Label title;
  private ChartCanvas chart;
  private EObject about;

  @Override
  void create(Composite parent) {
    GridLayout layout = new GridLayout();
    layout.marginWidth = layout.marginHeight = 4;
    parent.setLayout(layout);
    title = new Label(parent, SWT.NONE);
    title.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    chart = new ChartCanvas(parent, "Performance");
    chart.setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true));
    tick();
  }

  private void tick() {
    if (chart.isDisposed()) return;
    mark();
    Display.getCurrent().timerExec(EVERY_MS, this::tick);
  }

  @Override
  void refresh() {
    if (about == null || about.eContainer() == null) about = busiest();
    ShownCluster c = about == null ? null : Clusters.get().of(about).orElse(null);
    if (c == null) {
      title.setText("No volume is held by a host yet; select a volume or host to see how fast it is.");
      chart.show(null, false);
      return;
    }
    ObjectKey key = Clusters.key(about).orElseThrow();
    title.setText(Looks.kind(about) + " " + Looks.name(about) + ", as its hosts report it");
    chart.show(Charts.performance(c.rates().points(key), List.of(), key, Math.max(100, chart.getClientArea().width)), !c.connected());
  }

  private static EObject busiest() {
    return all(s -> s.getVolumes()).stream().filter(v -> !v.getAttachments().isEmpty()).findFirst().orElse(null);
  }

  @Override
  void reveal(IStructuredSelection selection) {
    if (selection.getFirstElement() instanceof Volume || selection.getFirstElement() instanceof Host) {
      about = (EObject) selection.getFirstElement();
      mark();
    }
  }

  @Override
  public void setFocus() {
    chart.setFocus();
  }
}
