package sluice.console.ui.act;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.viewers.ISelection;
import org.eclipse.jface.viewers.IStructuredSelection;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;

/**
 * What an action is about: the objects that are selected, and the cluster that they are of.
 *
 * @param window never null
 */
public record Subject(IWorkbenchWindow window, List<Object> objects) {
  public Subject {
    objects = List.copyOf(objects);
  }

  public static Subject of(IWorkbenchWindow window, ISelection selection) {
    return new Subject(window, selection instanceof IStructuredSelection s ? List.copyOf(s.toList()) : List.of());
  }

  /** The selected objects of a kind. */
  public <T> List<T> all(Class<T> kind) {
    List<T> found = new ArrayList<>();
    for (Object o : objects) if (kind.isInstance(o)) found.add(kind.cast(o));
    return found;
  }

  /** The one selected object, if it is of the kind. */
  public <T> Optional<T> one(Class<T> kind) {
    return objects.size() == 1 && kind.isInstance(objects.get(0)) ? Optional.of(kind.cast(objects.get(0))) : Optional.empty();
  }

  /** Of the selection; the only one there is if nothing is selected. */
  public Optional<ShownCluster> cluster() {
    for (Object o : objects) {
      if (o instanceof EObject e) {
        Optional<ShownCluster> found = Clusters.get().of(e);
        if (found.isPresent()) return found;
      }
    }
    List<ShownCluster> all = Clusters.get().all();
    return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
  }
}
