package sluice.console.ui.views;

import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.resource.JFaceResources;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.GridData;
import org.eclipse.swt.layout.GridLayout;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Label;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.editor.Facts;
import sluice.console.ui.editor.FactsPane;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;

/** The facts of what is selected. */
public final class PropertiesView extends LiveView {
  public static final String ID = "sluice.console.ui.properties";
  private Label icon;
  private Label title;
  private FactsPane facts;
  private EObject about;

  @Override
  void create(Composite parent) {
    GridLayout layout = new GridLayout(2, false);
    parent.setLayout(layout);
    icon = new Label(parent, SWT.NONE);
    title = new Label(parent, SWT.NONE);
    title.setFont(JFaceResources.getFontRegistry().getBold(JFaceResources.DEFAULT_FONT));
    title.setLayoutData(new GridData(SWT.FILL, SWT.CENTER, true, false));
    facts = new FactsPane(parent);
    facts.control().setLayoutData(new GridData(SWT.FILL, SWT.FILL, true, true, 2, 1));
  }

  @Override
  void refresh() {
    ShownCluster c = about == null ? null : Clusters.get().of(about).orElse(null);
    icon.setImage(Icons.get(c == null ? "properties" : Looks.icon(about)));
    title.setText(c == null ? "Select something to see its facts." : Looks.kind(about) + " " + Looks.name(about));
    facts.show(c == null ? java.util.List.of() : Facts.of(c, about));
  }

  @Override
  void reveal(IStructuredSelection selection) {
    if (selection.getFirstElement() instanceof EObject o && Clusters.key(o).isPresent()) {
      about = o;
      mark();
    }
  }

  @Override
  public void setFocus() {
    facts.control().setFocus();
  }
}
