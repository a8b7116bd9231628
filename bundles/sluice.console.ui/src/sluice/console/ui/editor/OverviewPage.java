package sluice.console.ui.editor;

import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.SWT;
import org.eclipse.swt.custom.SashForm;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.clusters.ShownCluster;

/** The facts, and beside them what there is to see. */
final class OverviewPage implements ObjectPage {
  private FactsPane facts;

  @Override
  public String title() {
    return "Overview";
  }

  @Override
  public String icon() {
    return "properties";
  }

  @Override
  public Control create(Composite parent, Consumer<Object> select, IWorkbenchWindow window) {
    SashForm sash = new SashForm(parent, SWT.HORIZONTAL);
    facts = new FactsPane(sash);
    return sash;
  }

  @Override
  public void show(ShownCluster cluster, EObject object) {
    facts.show(Facts.of(cluster, object));
  }
}
