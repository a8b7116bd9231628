package sluice.console.ui.views;

import org.eclipse.emf.ecore.EObject;
import org.eclipse.jface.action.Action;
import org.eclipse.jface.action.IAction;
import org.eclipse.swt.widgets.Composite;
import sluice.console.core.scene.DiskMap;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.picture.PicturePane;
import sluice.console.ui.picture.Pictures;

/** The disks, to scale, with what lies on them. */
public final class DiskMapView extends PictureView {
  private DiskMap.Order order = DiskMap.Order.NAME;

  @Override
  String name() {
    return "Disk map";
  }

  @Override
  void create(Composite parent) {
    super.create(parent);
    for (DiskMap.Order o : DiskMap.Order.values()) {
      Action a = new Action("Sort by " + o.name().toLowerCase(java.util.Locale.ROOT), IAction.AS_RADIO_BUTTON) {
        @Override
        public void run() {
          order = o;
          mark();
        }
      };
      a.setChecked(o == order);
      getViewSite().getActionBars().getMenuManager().add(a);
    }
  }

  @Override
  void picture(PicturePane into, ShownCluster of, EObject about) {
    Pictures.diskMap(into, of, "", order);
  }
}
