package sluice.console.ui.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.swt.widgets.Composite;
import org.eclipse.swt.widgets.Control;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.console.ui.live.LiveTable;
import sluice.console.ui.look.Format;
import sluice.console.ui.look.Icons;
import sluice.console.ui.look.Looks;
import sluice.model.Host;
import sluice.model.Route;
import sluice.model.Volume;
import sluice.model.VolumeStatus;

/** On which route which host reaches which volume, why, and since when. */
final class RoutesPage implements ObjectPage {
  private LiveTable<Way> table;

  private record Way(Volume volume, VolumeStatus status, String host) {}

  @Override
  public String title() {
    return "Hosts and paths";
  }

  @Override
  public String icon() {
    return "topology";
  }

  @Override
  public Control create(Composite parent, Consumer<Object> select, IWorkbenchWindow window) {
    table = new LiveTable<Way>(parent, w -> w.volume.getId() + w.status.getHostId())
        .column("Volume", 120, w -> Looks.name(w.volume), w -> Looks.image(w.volume, w.volume.getHealth(), null))
        .column("Host", 120, Way::host, w -> Icons.get("host"))
        .column("Route", 150, w -> route(w.status), w -> Icons.get(mark(w.status)))
        .column("Why", 320, w -> w.status.getReason() == null ? "" : w.status.getReason(), null)
        .moments("Since", 100, w -> w.status.getSinceMs(), Format::moment, Format::exactly)
        .figures("Redirected", 90, w -> w.status.getCounters() == null ? "" : Format.number(w.status.getCounters().getRedirected()),
            w -> w.status.getCounters() == null ? 0 : w.status.getCounters().getRedirected(), null)
        .column("Export", 320, w -> w.status.getNbdUri() == null ? "" : w.status.getNbdUri(), null)
        .selects(Way::volume);
    table.addSelectionChangedListener(e -> select.accept(((org.eclipse.jface.viewers.IStructuredSelection) e.getSelection()).getFirstElement()));
    return table.control();
  }

  static String route(VolumeStatus s) {
    if (!s.isHeld()) return "not held";
    return switch (s.getRoute()) {
      case DIRECT -> "direct";
      case SERVER -> "rerouted (server)";
      case WAITING -> "waiting";
      default -> "unknown";
    };
  }

  private static String mark(VolumeStatus s) {
    if (!s.isHeld()) return "state-offline";
    return s.getRoute() == Route.DIRECT ? "state-healthy" : s.getRoute() == Route.SERVER ? "state-degraded" : "state-failed";
  }

  @Override
  public void show(ShownCluster cluster, EObject object) {
    List<Way> ways = new ArrayList<>();
    for (Volume v : cluster.san().getVolumes()) {
      if (object instanceof Volume && object != v) continue;
      for (VolumeStatus s : v.getRoutes()) {
        if (object instanceof Host h && !s.getHostId().equals(h.getId())) continue;
        ways.add(new Way(v, s, Clusters.name(cluster.san(), s.getHostId())));
      }
    }
    table.rows(ways);
  }
}
