package sluice.console.ui.act;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.ui.IWorkbenchWindow;
import sluice.console.core.verdict.Action;
import sluice.console.core.verdict.Verdicts;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.console.ui.clusters.Clusters;
import sluice.console.ui.clusters.ShownCluster;
import sluice.model.Alert;
import sluice.model.Disk;
import sluice.model.Health;
import sluice.model.Host;
import sluice.model.Route;
import sluice.model.Task;
import sluice.model.Volume;

/**
 * What helps with an object as it is now, as buttons: first where to look, then what its verdict recommends; only what is
 * possible. What an alert or a volume needs is often done to something else: to its disk, or to the task at work on it.
 */
public record Advice(SanAction action, Subject about) {
  private static final int MOST = 4;

  public static List<Advice> of(IWorkbenchWindow window, EObject object) {
    List<EObject> objects = new ArrayList<>(List.of(object));
    if (object instanceof Alert a) objects.addAll(Clusters.objects(a));
    Set<String> ids = new LinkedHashSet<>();
    for (EObject o : objects) looks(o, ids);
    Optional<ShownCluster> cluster = Clusters.get().of(object);
    cluster.ifPresent(c -> {
      for (EObject o : objects) recommended(c.view(), o).forEach(a -> ids.add(a.id()));
    });
    if (object instanceof Alert) ids.add("show");
    cluster.ifPresent(c -> {
      objects.addAll(tasks(c, objects));
      objects.add(c.san());
    });
    List<Advice> found = new ArrayList<>();
    for (String id : ids) if (found.size() < MOST) possible(window, Actions.get(id), objects).ifPresent(found::add);
    return found;
  }

  private static Optional<Advice> possible(IWorkbenchWindow window, SanAction action, List<EObject> objects) {
    return objects.stream().map(o -> new Subject(window, List.of(o))).filter(action::possible).findFirst().map(s -> new Advice(action, s));
  }

  private static List<Action> recommended(SanView view, EObject o) {
    Optional<ObjectKey> key = o instanceof Alert a ? Optional.of(new ObjectKey(ObjectKey.Kind.ALERT, a.getId())) : Clusters.key(o);
    return key.flatMap(k -> new Verdicts(view, ZoneId.systemDefault()).of(k)).map(v -> v.actions()).orElse(List.of());
  }

  private static List<Task> tasks(ShownCluster c, List<EObject> objects) {
    List<Task> found = new ArrayList<>();
    for (EObject o : objects) {
      if (!(o instanceof Volume v)) continue;
      c.view().taskAtWork(v.getId(), "").flatMap(t -> c.object(new ObjectKey(ObjectKey.Kind.TASK, t.getId()))).ifPresent(t -> found.add((Task) t));
    }
    return found;
  }

  private static void looks(EObject o, Set<String> ids) {
    if (o instanceof Volume v) {
      if (v.getHealth() == Health.SYNCING || v.getHealth() == Health.DEGRADED) Clusters.get().of(v).filter(c -> c.view().taskAtWork(v.getId(), "").isPresent()).ifPresent(c -> ids.add("show.recovery"));
      if (v.getRoutes().stream().anyMatch(r -> r.isHeld() && r.getRoute() != Route.DIRECT)) ids.add("show.topology");
    }
    if (o instanceof Disk d && d.getHealth() != Health.HEALTHY) ids.add("show.diskmap");
    if (o instanceof Host h && h.getHealth() != Health.HEALTHY) ids.add("show.topology");
  }
}
