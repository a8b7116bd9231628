package sluice.console.ui.views;

import java.util.List;
import java.util.Optional;
import org.eclipse.core.runtime.ListenerList;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.ISelectionChangedListener;
import org.eclipse.jface.viewers.ISelectionProvider;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.jface.viewers.SelectionChangedEvent;
import org.eclipse.jface.viewers.StructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.layout.FillLayout;
import org.eclipse.swt.widgets.Composite;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.picture.PicturePane;

/** A picture of the cluster that the selection is of. */
abstract class PictureView extends LiveView implements ISelectionProvider {
  private final ListenerList<ISelectionChangedListener> listeners = new ListenerList<>();
  private PicturePane pane;
  private ShownCluster cluster;
  private IStructuredSelection selection = StructuredSelection.EMPTY;

  abstract String name();

  /** Puts the picture into its pane. @param about what is selected; null: nothing of this cluster */
  abstract void picture(PicturePane into, ShownCluster of, EObject about);

  @Override
  void create(Composite parent) {
    parent.setLayout(new FillLayout());
    pane = new PicturePane(parent, name(), this::clicked);
    pane.canvas().addListener(SWT.Resize, e -> mark());
    selects(this, pane.canvas());
  }

  private void clicked(ObjectKey key) {
    Optional<EObject> object = cluster == null || key == null ? Optional.empty() : cluster.object(key);
    object.ifPresent(o -> setSelection(new StructuredSelection(o)));
  }

  @Override
  void refresh() {
    List<ShownCluster> all = Clusters.get().all();
    if (cluster != null && !all.contains(cluster)) cluster = null;
    if (cluster == null && !all.isEmpty()) cluster = all.get(0);
    if (cluster == null) {
      pane.nothing("No cluster is connected. Connect to one to see it here.");
      return;
    }
    picture(pane, cluster, selection.getFirstElement() instanceof EObject o ? o : null);
  }

  @Override
  void reveal(IStructuredSelection now) {
    if (!(now.getFirstElement() instanceof EObject o)) return;
    Optional<ShownCluster> of = Clusters.get().of(o);
    if (of.isEmpty()) return;
    cluster = of.get();
    selection = now;
    pane.select(Clusters.key(o).orElse(null));
    mark();
  }

  public PicturePane pane() {
    return pane;
  }

  @Override
  public void setFocus() {
    pane.setFocus();
  }

  @Override
  public ISelection getSelection() {
    return selection;
  }

  @Override
  public void setSelection(ISelection now) {
    if (!(now instanceof IStructuredSelection s)) return;
    reveal(s);
    SelectionChangedEvent event = new SelectionChangedEvent(this, s);
    for (ISelectionChangedListener l : listeners) l.selectionChanged(event);
  }

  @Override
  public void addSelectionChangedListener(ISelectionChangedListener l) {
    listeners.add(l);
  }

  @Override
  public void removeSelectionChangedListener(ISelectionChangedListener l) {
    listeners.remove(l);
  }
}
