package sluice.console.ui.clusters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.eclipse.core.runtime.ListenerList;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.util.EcoreUtil;
import org.eclipse.swt.widgets.Display;
import sluice.api.SluiceException;
import sluice.console.core.san.Sans;
import sluice.console.core.view.ObjectKey;
import sluice.console.ui.look.Looks;
import sluice.model.Alert;
import sluice.model.Disk;
import sluice.model.Event;
import sluice.model.Host;
import sluice.model.Pool;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.Server;
import sluice.model.Task;
import sluice.model.User;
import sluice.model.Volume;
import sluice.net.HostPort;
import sluice.net.pki.Identity;

/** All the clusters that are shown. One for the program; UI thread. */
public final class Clusters {
  private static final String SOFTWARE = "sluice-console 1.0.0";
  private static final Clusters THE = new Clusters();

  private final List<ShownCluster> all = new ArrayList<>();
  private final ListenerList<Runnable> listeners = new ListenerList<>();
  private Sans sans;

  private Clusters() {}

  public static Clusters get() {
    return THE;
  }

  public List<ShownCluster> all() {
    return List.copyOf(all);
  }

  public List<San> sans() {
    return all.stream().map(ShownCluster::san).toList();
  }

  /**
   * Shows a cluster from now on; connecting goes on until it is closed. If it is shown already, that one.
   *
   * @param addresses of its server's networks
   * @throws SluiceException if too many are shown
   */
  public ShownCluster open(String name, List<HostPort> addresses, Identity identity) {
    Optional<ShownCluster> there = named(name);
    if (there.isPresent()) return there.get();
    if (sans == null) {
      Display display = Display.getCurrent();
      sans = new Sans(SOFTWARE, task -> {
        if (!display.isDisposed()) display.asyncExec(task);
      });
    }
    ShownCluster made = new ShownCluster(sans.open(name, addresses, identity));
    made.connection().projector().addListener(change -> tell());
    all.add(made);
    tell();
    return made;
  }

  /** Ends the connection; that takes a moment, in which nobody has to wait. */
  public void close(ShownCluster cluster) {
    if (!all.remove(cluster)) return;
    tell();
    sans.close(cluster.connection());
  }

  /** Why nothing may be concluded from what is not shown; empty if every cluster's picture is the present one. */
  public String unknown() {
    if (all.isEmpty()) return "No cluster is connected.";
    List<String> lost = all.stream().filter(c -> !c.connected()).map(ShownCluster::name).toList();
    return lost.isEmpty() ? "" : "Not known: there is no connection to " + String.join(", ", lost) + " at the moment.";
  }

  /** At the program's end. */
  public void closeAll() {
    for (ShownCluster c : all()) close(c);
    if (sans != null) sans.close();
    sans = null;
  }

  public Optional<ShownCluster> named(String name) {
    return all.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /** The cluster that an object is of. */
  public Optional<ShownCluster> of(EObject object) {
    EObject root = EcoreUtil.getRootContainer(object);
    return all.stream().filter(c -> c.san() == root).findFirst();
  }

  /** Hears when anything is different, also whether a cluster is there. */
  public void addListener(Runnable listener) {
    listeners.add(listener);
  }

  public void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  private void tell() {
    for (Runnable l : listeners) l.run();
  }

  // ---- what objects are

  public static Optional<ObjectKey> key(EObject o) {
    ObjectKey.Kind kind = o instanceof San ? ObjectKey.Kind.CLUSTER : o instanceof Server ? ObjectKey.Kind.SERVER : o instanceof Host ? ObjectKey.Kind.HOST
        : o instanceof Disk ? ObjectKey.Kind.DISK : o instanceof Pool ? ObjectKey.Kind.POOL : o instanceof Volume ? ObjectKey.Kind.VOLUME
        : o instanceof Task ? ObjectKey.Kind.TASK : o instanceof User ? ObjectKey.Kind.USER : null;
    return kind == null ? Optional.empty() : Optional.of(new ObjectKey(kind, id(o)));
  }

  public static String id(EObject o) {
    if (o instanceof SanObject s) return s.getId();
    if (o instanceof User u) return u.getName();
    if (o instanceof San s) return s.getCluster() == null ? "" : s.getCluster().getId();
    return o instanceof Alert a ? a.getId() : "";
  }

  /** The object with the id, whatever kind it is of. */
  public static Optional<SanObject> find(San san, String id) {
    for (List<? extends SanObject> list : List.of(san.getVolumes(), san.getDisks(), san.getHosts(), san.getPools(), san.getTasks(), san.getServers())) {
      for (SanObject o : list) if (o.getId().equals(id)) return Optional.of(o);
    }
    return Optional.empty();
  }

  /** The name of what has the id; the id itself if nothing has it any more. */
  public static String name(San san, String id) {
    return id == null || id.isEmpty() || san == null ? "" : find(san, id).map(Looks::name).orElse(id.length() > 8 ? id.substring(0, 8) : id);
  }

  /** What an alert is about, as far as it is there. */
  public static List<SanObject> objects(Alert a) {
    return a.getSan() == null ? List.of() : a.getObjects().stream().map(id -> find(a.getSan(), id)).flatMap(Optional::stream).toList();
  }

  /** The volumes on the disks that it is about; else what it is about itself. */
  public static String endangered(Alert a) {
    Optional<ShownCluster> cluster = get().of(a);
    List<String> volumes = objects(a).stream().filter(Disk.class::isInstance)
        .flatMap(d -> cluster.stream().flatMap(c -> c.view().uses(d.getId()).stream())).map(u -> u.volume().getName()).distinct().sorted().toList();
    if (volumes.size() > 3) return String.join(", ", volumes.subList(0, 3)) + " and " + (volumes.size() - 3) + " more";
    return volumes.isEmpty() ? objects(a).stream().map(Looks::name).distinct().collect(Collectors.joining(", ")) : String.join(", ", volumes);
  }

  /** What an event is about first; null if that is gone. */
  public static Object firstObject(Event e) {
    return e.getSan() == null ? null : e.getObjects().stream().map(id -> find(e.getSan(), id)).flatMap(Optional::stream).findFirst().orElse(null);
  }

  /** "recovery of mail": what a task does, in words. */
  public static String describe(Task t) {
    String kind = t.getKind() == null ? "task" : t.getKind().getName().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    return kind + " of " + name(t.getSan(), t.getVolumeId());
  }

  /** A failure in words: what, why, what to do. */
  public static String words(Throwable failure) {
    Throwable t = failure;
    while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
    if (!(t instanceof SluiceException e)) return String.valueOf(t.getMessage());
    StringBuilder words = new StringBuilder(e.what());
    if (!e.why().isEmpty()) words.append(": ").append(e.why());
    if (!e.correction().isEmpty()) words.append(". ").append(Character.toUpperCase(e.correction().charAt(0))).append(e.correction().substring(1));
    return words.toString();
  }
}
