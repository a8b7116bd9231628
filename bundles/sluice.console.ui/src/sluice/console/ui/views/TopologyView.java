package sluice.console.ui.views;

import org.eclipse.emf.ecore.EObject;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.picture.PicturePane;
import sluice.console.ui.picture.Pictures;

/** Hosts, networks and server, disks, and the ways between them. */
public final class TopologyView extends PictureView {
  @Override
  String name() {
    return "Paths";
  }

  @Override
  void picture(PicturePane into, ShownCluster of, EObject about) {
    Pictures.topology(into, of, of.rates());
  }
}
