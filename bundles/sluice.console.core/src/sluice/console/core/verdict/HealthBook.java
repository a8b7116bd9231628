package sluice.console.core.verdict;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sluice.console.core.view.ObjectKey;
import sluice.console.core.view.SanView;
import sluice.model.Health;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.Volume;

/**
 * The health of everything, and of what is below it, from one view to the next: only what may be different is looked at. A
 * pool has its disks and volumes below it, a host the volumes it holds. One owner.
 */
public final class HealthBook {
  private static final List<ObjectKey.Kind> KINDS = List.of(ObjectKey.Kind.VOLUME, ObjectKey.Kind.DISK, ObjectKey.Kind.HOST,
      ObjectKey.Kind.POOL, ObjectKey.Kind.TASK, ObjectKey.Kind.ALERT, ObjectKey.Kind.SERVER);

  private record Entry(Health own, Health below) {}

  private final Map<ObjectKey, Entry> all = new HashMap<>();

  public Health health(ObjectKey key) {
    Entry e = all.get(key);
    return e == null ? Health.UNKNOWN : e.own;
  }

  /** Of everything below it; HEALTHY if nothing is. */
  public Health worstBelow(ObjectKey key) {
    Entry e = all.get(key);
    return e == null ? Health.HEALTHY : e.below;
  }

  /** Of what holds or carries data: disks, hosts, pools and volumes. */
  public Health worst() {
    Health worst = Health.HEALTHY;
    for (Map.Entry<ObjectKey, Entry> e : all.entrySet()) {
      switch (e.getKey().kind()) {
        case VOLUME, DISK, HOST, POOL -> worst = Healths.worse(worst, e.getValue().own);
        default -> { /* a task or an alert tells of one of those */ }
      }
    }
    return worst;
  }

  /** Of the cluster as such: failed only if a volume is, for a lost disk whose volumes go on is trouble and no failure. */
  public Health cluster() {
    Health worst = worst();
    if (worst.getValue() <= Health.DEGRADED.getValue()) return worst;
    for (Map.Entry<ObjectKey, Entry> e : all.entrySet()) {
      if (e.getKey().kind() == ObjectKey.Kind.VOLUME && e.getValue().own == Health.FAILED) return Health.FAILED;
    }
    return Health.DEGRADED;
  }

  /**
   * @param changed the only objects that may be different since the last view; null: look at all
   * @return those whose health, or that of what is below them, is another now; also those that are new
   */
  public Set<ObjectKey> update(SanView now, Set<ObjectKey> changed) {
    Set<ObjectKey> look = changed == null ? everything(now) : withDependents(now, changed);
    Set<ObjectKey> different = new LinkedHashSet<>();
    for (ObjectKey k : look) {
      if (!KINDS.contains(k.kind())) continue;
      if (!now.ids(k.kind()).contains(k.id())) {
        all.remove(k);
        continue;
      }
      put(k, Healths.of(now, k), worstBelow(k), different);
    }
    // What is below is known only now.
    for (ObjectKey k : look) {
      if (k.kind() == ObjectKey.Kind.POOL || k.kind() == ObjectKey.Kind.HOST) {
        Entry e = all.get(k);
        if (e != null) put(k, e.own, below(now, k), different);
      }
    }
    return different;
  }

  private void put(ObjectKey k, Health own, Health below, Set<ObjectKey> different) {
    Entry e = new Entry(own, below);
    if (!e.equals(all.put(k, e))) different.add(k);
  }

  private Health below(SanView now, ObjectKey k) {
    Health worst = Health.HEALTHY;
    if (k.kind() == ObjectKey.Kind.HOST) {
      for (Volume v : now.volumesOfHost(k.id())) worst = Healths.worse(worst, health(new ObjectKey(ObjectKey.Kind.VOLUME, v.getId())));
      return worst;
    }
    for (Disk d : now.disksOfPool(k.id())) worst = Healths.worse(worst, health(new ObjectKey(ObjectKey.Kind.DISK, d.getId())));
    for (Volume v : now.volumesOfPool(k.id())) worst = Healths.worse(worst, health(new ObjectKey(ObjectKey.Kind.VOLUME, v.getId())));
    return worst;
  }

  private Set<ObjectKey> everything(SanView now) {
    Set<ObjectKey> keys = new LinkedHashSet<>(all.keySet());
    for (ObjectKey.Kind kind : KINDS) for (String id : now.ids(kind)) keys.add(new ObjectKey(kind, id));
    return keys;
  }

  /** With the objects whose health is made of that of the changed ones. */
  private Set<ObjectKey> withDependents(SanView now, Set<ObjectKey> changed) {
    Set<ObjectKey> keys = new LinkedHashSet<>(changed);
    for (ObjectKey k : changed) {
      if (k.kind() == ObjectKey.Kind.DISK && !Healths.of(now, k).equals(health(k))) {
        for (SanView.DiskUse use : now.uses(k.id())) keys.add(new ObjectKey(ObjectKey.Kind.VOLUME, use.volume().getId()));
      }
      if (k.kind() == ObjectKey.Kind.HOST) for (Volume v : now.volumesOfHost(k.id())) keys.add(new ObjectKey(ObjectKey.Kind.VOLUME, v.getId()));
    }
    Set<ObjectKey> parents = new LinkedHashSet<>();
    for (ObjectKey k : keys) {
      if (k.kind() == ObjectKey.Kind.VOLUME) now.volume(k.id()).ifPresent(v -> parentsOf(v, parents));
      if (k.kind() == ObjectKey.Kind.DISK) now.disk(k.id()).ifPresent(d -> parents.add(new ObjectKey(ObjectKey.Kind.POOL, d.getPoolId())));
      // Of something that is gone nobody knows any more where it was.
      if (now.volume(k.id()).isEmpty() && now.disk(k.id()).isEmpty()) for (Pool p : now.pools()) parents.add(new ObjectKey(ObjectKey.Kind.POOL, p.getId()));
    }
    keys.addAll(parents);
    return keys;
  }

  private static void parentsOf(Volume v, Set<ObjectKey> parents) {
    parents.add(new ObjectKey(ObjectKey.Kind.POOL, v.getPoolId()));
    for (Attachment a : v.getAttachmentsList()) parents.add(new ObjectKey(ObjectKey.Kind.HOST, a.getHostId()));
  }
}
