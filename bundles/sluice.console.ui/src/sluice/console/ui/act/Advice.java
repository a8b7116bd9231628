package sluice.console.ui.act;

import java.util.ArrayList;
import java.util.List;
import sluice.model.Alert;
import sluice.model.Disk;
import sluice.model.DiskState;
import sluice.model.Health;
import sluice.model.Host;
import sluice.model.LegInfo;
import sluice.model.LegState;
import sluice.model.Pool;
import sluice.model.Route;
import sluice.model.Volume;
import sluice.console.ui.clusters.Clusters;

/** What helps with an object as it is now: the actions that are recommended, the best first; only those that are possible. */
public final class Advice {
  private static final int MOST = 3;

  private Advice() {}

  public static List<SanAction> of(Subject s) {
    List<String> ids = new ArrayList<>();
    for (Object o : s.objects()) ids(o, ids);
    List<SanAction> found = new ArrayList<>();
    for (String id : ids) {
      SanAction a = Actions.get(id);
      if (!found.contains(a) && a.possible(s) && found.size() < MOST) found.add(a);
    }
    return found;
  }

  private static void ids(Object o, List<String> ids) {
    if (o instanceof Volume v) volume(v, ids);
    if (o instanceof Disk d && d.getState() != DiskState.ONLINE) ids.addAll(List.of("disk.recheck", "show.diskmap"));
    if (o instanceof Disk d && d.getState() == DiskState.ONLINE && d.getHealth() != Health.HEALTHY) ids.addAll(List.of("show.diskmap", "disk.recheck"));
    if (o instanceof Host h && h.getHealth() != Health.HEALTHY) ids.addAll(List.of("show.topology"));
    if (o instanceof Pool p && p.getHealth() != Health.HEALTHY) ids.addAll(List.of("pool.add", "disk.add", "show.diskmap"));
    if (o instanceof Alert a) {
      ids.addAll(alert(a));
      Clusters.objects(a).forEach(x -> ids(x, ids));
      ids.add("show");
    }
  }

  private static void volume(Volume v, List<String> ids) {
    boolean stale = false;
    boolean filling = false;
    if (v.getLayout() != null) {
      for (LegInfo leg : v.getLayout().getLegs()) {
        stale |= leg.getState() == LegState.STALE;
        filling |= leg.getState() == LegState.FILLING;
      }
    }
    if (filling || stale) ids.add("show.recovery");
    if (stale && !filling) ids.add("volume.recover");
    if (v.getRoutes().stream().anyMatch(r -> r.isHeld() && r.getRoute() != Route.DIRECT)) ids.add("show.topology");
    if (stale || filling) ids.add("show.volumemap");
    if (v.getAttachments().isEmpty() && v.getHealth() == Health.HEALTHY) ids.add("volume.attach");
  }

  private static List<String> alert(Alert a) {
    return switch (a.getKind() == null ? "" : a.getKind()) {
      case "no-spare", "pool-nearly-full" -> List.of("disk.add", "pool.add");
      case "host-rerouted" -> List.of("show.topology");
      case "volume-degraded" -> List.of("show.recovery");
      default -> List.of();
    };
  }

}
