package sluice.console.ui.editor;

import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.clusters.ShownCluster;

/** A tab of an object's editor. */
interface ObjectPage {
  String title();

  String icon();

  /** @param select is told of what is clicked; null: nothing */
  Control create(Composite parent, Consumer<Object> select, IWorkbenchWindow window);

  /** Writes anew what differs. Only while the tab is in front. */
  void show(ShownCluster cluster, EObject object);
}
