package sluice.console.ui.editor;

import java.util.Optional;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.resource.ImageDescriptor;
import org.eclipse.ui.IEditorInput;
import org.eclipse.ui.IPersistableElement;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;

/** An object of a cluster, by name and id: the object itself may go and come while the page is open. */
public record ObjectInput(String cluster, ObjectKey key, String title, String icon) implements IEditorInput {
  static Optional<ObjectInput> of(Object o) {
    if (!(o instanceof EObject e)) return Optional.empty();
    return Clusters.get().of(e).flatMap(c -> Clusters.key(e).map(key -> new ObjectInput(c.name(), key, Looks.name(o), Looks.icon(o))));
  }

  Optional<ShownCluster> shown() {
    return Clusters.get().all().stream().filter(c -> c.name().equals(cluster)).findFirst();
  }

  Optional<EObject> object() {
    return shown().flatMap(c -> c.object(key));
  }

  /** Two inputs are of the same page if they are of the same object, whatever it is called by now. */
  @Override
  public boolean equals(Object o) {
    return o instanceof ObjectInput i && i.cluster.equals(cluster) && i.key.equals(key);
  }

  @Override
  public int hashCode() {
    return cluster.hashCode() * 31 + key.hashCode();
  }

  @Override
  public boolean exists() {
    return object().isPresent();
  }

  @Override
  public ImageDescriptor getImageDescriptor() {
    return Icons.descriptor(icon);
  }

  @Override
  public String getName() {
    return title;
  }

  @Override
  public IPersistableElement getPersistable() {
    return null;
  }

  @Override
  public String getToolTipText() {
    return key.kind().name().toLowerCase(java.util.Locale.ROOT) + " " + title + " of " + cluster;
  }

  @Override
  public <T> T getAdapter(Class<T> type) {
    return null;
  }
}
