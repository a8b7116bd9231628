package sluice.console.ui.editor;

import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.core.scene.DiskMap;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.picture.PicturePane;
import sluice.console.ui.picture.Pictures;
import sluice.model.Pool;
import sluice.model.Volume;

/** Where it lies: a volume's copies with their extents, a pool's or cluster's disks with what is on them. */
final class LayoutPage implements ObjectPage {
  private PicturePane pane;
  private ShownCluster cluster;

  @Override
  public String title() {
    return "Layout";
  }

  @Override
  public String icon() {
    return "volumemap";
  }

  @Override
  public Control create(Composite parent, Consumer<Object> select, IWorkbenchWindow window) {
    pane = new PicturePane(parent, "Layout", key -> {
      if (cluster != null && key != null) cluster.object(key).ifPresent(select);
    });
    return pane.control();
  }

  @Override
  public void show(ShownCluster of, EObject object) {
    cluster = of;
    if (object instanceof Volume v) Pictures.volumeMap(pane, of, v.getId());
    else Pictures.diskMap(pane, of, object instanceof Pool p ? p.getId() : "", DiskMap.Order.NAME);
  }
}
