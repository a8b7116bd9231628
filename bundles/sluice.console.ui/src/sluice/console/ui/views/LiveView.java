package sluice.console.ui.views;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.action.MenuManager;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.ISelectionProvider;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.ISelectionListener;
import org.eclipse.ui.IWorkbenchPart;
import org.eclipse.ui.part.ViewPart;
import sluice.console.ui.act.Actions;
import sluice.console.ui.act.SanAction;
import sluice.console.ui.act.Subject;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.live.Pulse;
import sluice.model.San;

/** A view that shows what the clusters are at the moment. */
abstract class LiveView extends ViewPart {
  private final Runnable changed = this::mark;
  private final ISelectionListener following = this::follow;
  private Pulse.Beat beat;
  private boolean selecting;

  @Override
  public final void createPartControl(Composite parent) {
    create(parent);
    beat = Pulse.here().of(parent, this::refresh);
    Clusters.get().addListener(changed);
    getSite().getPage().addPostSelectionListener(following);
    refresh();
  }

  abstract void create(Composite parent);

  /** Writes anew what differs. */
  abstract void refresh();

  /** Shows what is selected elsewhere, if it is here; tells nobody. */
  void reveal(IStructuredSelection selection) {}

  final void mark() {
    if (beat != null) beat.mark();
  }

  /** Makes a control's selection the part's, and gives it the context menu that such objects have everywhere. */
  final void selects(ISelectionProvider provider, Control control) {
    MenuManager menu = new MenuManager();
    control.setMenu(menu.createContextMenu(control));
    getSite().registerContextMenu(menu, provider);
    getSite().setSelectionProvider(provider);
    // Not a key of the window: there it would be taken from the fields that one types into.
    control.addListener(SWT.KeyDown, e -> {
      if (e.keyCode != SWT.DEL || e.stateMask != 0) return;
      Subject selected = Subject.of(getSite().getWorkbenchWindow(), provider.getSelection());
      SanAction remove = Actions.get("remove");
      if (remove.possible(selected)) remove.run().to(selected);
    });
  }

  private void follow(IWorkbenchPart part, ISelection selection) {
    if (part == this || selecting || !(selection instanceof IStructuredSelection s) || s.isEmpty()) return;
    selecting = true;
    try {
      reveal(s);
    } finally {
      selecting = false;
    }
  }

  /** What all clusters have of something. */
  static <T extends EObject> List<T> all(Function<San, List<T>> of) {
    List<T> all = new ArrayList<>();
    Clusters.get().sans().forEach(san -> all.addAll(of.apply(san)));
    return all;
  }

  @Override
  public void dispose() {
    Clusters.get().removeListener(changed);
    getSite().getPage().removePostSelectionListener(following);
    super.dispose();
  }
}
