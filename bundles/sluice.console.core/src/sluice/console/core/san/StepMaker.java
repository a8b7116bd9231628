package sluice.console.core.san;

import com.google.protobuf.Message;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.emf.ecore.EClass;
import org.eclipse.emf.ecore.EObject;
import org.eclipse.emf.ecore.EStructuralFeature;
import sluice.console.core.verdict.HealthBook;
import sluice.console.core.verdict.Healths;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.model.ModelFactory;
import sluice.model.ModelPackage;
import sluice.model.San;
import sluice.model.SanObject;
import sluice.model.Server;
import sluice.protocol.v1.Alert;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.JoinToken;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.User;
import sluice.protocol.v1.VolumeStatus;

/**
 * Finds out what is to be done to a model for it to show the next view. On the projector's thread; it knows the model's
 * objects by their keys, but reads nothing of them, because they belong to the user interface: it compares views.
 */
final class StepMaker {
  private static final ModelPackage P = ModelPackage.eINSTANCE;

  private static final List<ObjectKey.Kind> LISTED = List.of(ObjectKey.Kind.POOL, ObjectKey.Kind.USER, ObjectKey.Kind.HOST,
      ObjectKey.Kind.DISK, ObjectKey.Kind.VOLUME, ObjectKey.Kind.TOKEN, ObjectKey.Kind.TASK, ObjectKey.Kind.ALERT);

  private final San san;
  private final Map<ObjectKey, EObject> objects = new HashMap<>();
  private final HealthBook healths = new HealthBook();
  private SanView shown = SanView.EMPTY;
  private long lastEvent;

  StepMaker(San san) {
    this.san = san;
  }

  SanView shown() {
    return shown;
  }

  /** @param changed the only objects that may be different; null: look at all */
  ModelStep to(SanView next, Set<ObjectKey> changed, Collection<Event> events) {
    ModelStep step = new ModelStep(next);
    Set<ObjectKey> keys = new LinkedHashSet<>(changed == null ? all(shown, next) : changed);
    root(step, next);
    servers(step, next);
    // Pools first: disks and volumes refer to them.
    for (ObjectKey k : keys) if (k.kind() == ObjectKey.Kind.POOL) object(step, k, next);
    for (ObjectKey k : keys) if (k.kind() != ObjectKey.Kind.POOL) object(step, k, next);
    healths(step, next, changed == null ? null : keys);
    for (Event e : events) {
      if (e.getNumber() <= lastEvent) continue;
      lastEvent = e.getNumber();
      step.events.add(e);
      step.eventObjects.add(Mirror.make(P.getEvent(), e));
    }
    shown = next;
    return step;
  }

  private static Set<ObjectKey> all(SanView before, SanView next) {
    Set<ObjectKey> keys = new LinkedHashSet<>();
    for (SanView v : List.of(before, next)) {
      for (ObjectKey.Kind kind : LISTED) for (String id : v.ids(kind)) keys.add(new ObjectKey(kind, id));
    }
    return keys;
  }

  private void root(ModelStep step, SanView next) {
    set(step, san, P.getSan_Number(), shown.number(), next.number());
    set(step, san, P.getSan_TimeMs(), shown.timeMs(), next.timeMs());
    set(step, san, P.getSan_ServerId(), shown.serverId(), next.serverId());
    set(step, san, P.getSan_Software(), shown.software(), next.software());
    set(step, san, P.getSan_ControlAddresses(), shown.controlAddresses(), next.controlAddresses());
    if (!shown.cluster().equals(next.cluster())) {
      step.settings.add(new Mirror.Setting(san, P.getSan_Cluster(), Mirror.make(P.getCluster(), next.cluster())));
      step.changed.add(new ObjectKey(ObjectKey.Kind.CLUSTER, next.cluster().getId()));
    }
  }

  private static void set(ModelStep step, EObject object, EStructuralFeature feature, Object before, Object now) {
    if (!Objects.equals(before, now)) step.settings.add(new Mirror.Setting(object, feature, now));
  }

  /** The picture tells of the one server that it comes from. */
  private void servers(ModelStep step, SanView next) {
    ObjectKey before = new ObjectKey(ObjectKey.Kind.SERVER, shown.serverId());
    ObjectKey key = new ObjectKey(ObjectKey.Kind.SERVER, next.serverId());
    boolean same = before.equals(key) && shown.software().equals(next.software()) && shown.controlAddresses().equals(next.controlAddresses());
    if (same) return;
    if (objects.containsKey(before)) step.removed.put(before, objects.remove(before));
    if (next.serverId().isEmpty()) return;
    Server server = ModelFactory.eINSTANCE.createServer();
    server.setId(next.serverId());
    server.setName(next.serverId());
    server.setSoftware(next.software());
    server.getAddresses().addAll(next.controlAddresses());
    server.setAnswering(true);
    objects.put(key, server);
    step.added.put(key, server);
  }

  private void object(ModelStep step, ObjectKey k, SanView next) {
    switch (k.kind()) {
      case USER -> plain(step, k, P.getUser(), v -> v.user(k.id()).orElse(null), User.getDefaultInstance(), next);
      case TOKEN -> plain(step, k, P.getJoinToken(), v -> v.token(k.id()).orElse(null), JoinToken.getDefaultInstance(), next);
      case ALERT -> plain(step, k, P.getAlert(), v -> v.alert(k.id()).orElse(null), Alert.getDefaultInstance(), next);
      case TASK -> both(step, k, P.getTask(), v -> v.task(k.id()).orElse(null), v -> v.taskStatus(k.id()), Task.getDefaultInstance(), next);
      case HOST -> both(step, k, P.getHost(), v -> v.host(k.id()).orElse(null), v -> v.hostStatus(k.id()), sluice.protocol.v1.Host.getDefaultInstance(), next);
      case POOL -> both(step, k, P.getPool(), v -> v.pool(k.id()).orElse(null), v -> v.poolUsage(k.id()), sluice.protocol.v1.Pool.getDefaultInstance(), next);
      case DISK -> {
        both(step, k, P.getDisk(), v -> v.disk(k.id()).orElse(null), v -> v.diskStatus(k.id()), sluice.protocol.v1.Disk.getDefaultInstance(), next);
        refer(step, k, P.getDisk_Pool(), v -> v.disk(k.id()).map(sluice.protocol.v1.Disk::getPoolId).orElse(""), next);
      }
      case VOLUME -> {
        plain(step, k, P.getVolume(), v -> v.volume(k.id()).orElse(null), sluice.protocol.v1.Volume.getDefaultInstance(), next);
        routes(step, k, next);
        refer(step, k, P.getVolume_Pool(), v -> v.volume(k.id()).map(sluice.protocol.v1.Volume::getPoolId).orElse(""), next);
      }
      default -> { /* seen to above */ }
    }
  }

  private void plain(ModelStep step, ObjectKey k, EClass type, Function<SanView, Message> of, Message none, SanView next) {
    both(step, k, type, of, v -> null, none, next);
  }

  /** An object that shows two messages: what the catalog keeps, and how it is at the moment. */
  private void both(ModelStep step, ObjectKey k, EClass type, Function<SanView, Message> of, Function<SanView, Message> status, Message none,
      SanView next) {
    Message now = of.apply(next);
    Message nowStatus = status.apply(next);
    EObject object = objects.get(k);
    if (now == null) {
      if (object == null) return;
      objects.remove(k);
      step.removed.put(k, object);
    } else if (object == null) {
      EObject made = nowStatus == null ? Mirror.make(type, now) : Mirror.make(type, now, nowStatus);
      if (k.kind() == ObjectKey.Kind.TASK) made.eSet(P.getSanObject_Name(), Healths.taskName(next, (Task) now));
      objects.put(k, made);
      step.added.put(k, made);
    } else {
      int sizeBefore = step.settings.size();
      Message before = of.apply(shown);
      Mirror.differences(object, before == null ? none : before, now, step.settings);
      if (nowStatus != null) Mirror.differences(object, status.apply(shown), nowStatus, step.settings);
      if (step.settings.size() > sizeBefore) step.changed.add(k);
    }
  }

  private void routes(ModelStep step, ObjectKey k, SanView next) {
    EObject object = objects.get(k);
    if (object == null) return;
    List<VolumeStatus> before = step.added.containsKey(k) ? List.of() : shown.volumeStatus(k.id());
    List<VolumeStatus> now = next.volumeStatus(k.id());
    if (before.equals(now)) return;
    List<EObject> made = now.stream().map(s -> Mirror.make(P.getVolumeStatus(), s)).toList();
    step.settings.add(new Mirror.Setting(object, P.getVolume_Routes(), made));
    if (!step.added.containsKey(k)) step.changed.add(k);
  }

  private void refer(ModelStep step, ObjectKey k, EStructuralFeature feature, Function<SanView, String> poolOf, SanView next) {
    EObject object = objects.get(k);
    if (object == null) {
      EObject gone = step.removed.get(k);
      if (gone != null) step.settings.add(new Mirror.Setting(gone, feature, null));
      return;
    }
    ObjectKey now = new ObjectKey(ObjectKey.Kind.POOL, poolOf.apply(next));
    EObject pool = objects.get(now);
    boolean other = step.added.containsKey(k) ? pool != null : !poolOf.apply(shown).equals(now.id()) || step.added.containsKey(now);
    if (other) step.settings.add(new Mirror.Setting(object, feature, pool));
  }

  private void healths(ModelStep step, SanView next, Set<ObjectKey> changed) {
    for (ObjectKey k : healths.update(next, changed)) {
      EObject object = objects.get(k);
      // An alert tells of the state of others; it has none of its own.
      if (!(object instanceof SanObject)) continue;
      Health own = healths.health(k);
      Health below = healths.worstBelow(k);
      step.settings.add(new Mirror.Setting(object, P.getSanObject_Health(), own));
      step.settings.add(new Mirror.Setting(object, P.getSanObject_WorstBelow(), below));
      if (!step.added.containsKey(k)) step.changed.add(k);
    }
    step.settings.add(new Mirror.Setting(san, P.getSan_Health(), healths.cluster()));
    step.settings.add(new Mirror.Setting(san, P.getSan_WorstBelow(), healths.worst()));
  }
}
