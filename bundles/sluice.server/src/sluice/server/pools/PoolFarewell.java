package sluice.server.pools;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.PoolMetadata;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Volume;
import sluice.server.changes.CatalogFollower;
import sluice.server.disks.DiskAccess;
import sluice.server.disks.ServerDisks;

/**
 * Writes a last copy of its metadata to the disks of a pool that is exported, which says so: another cluster may take
 * the pool without taking it over. The catalog drops the pool first; cut off in between, the disks still look owned, and
 * an import has to take them over. On the control thread; hears of deltas before the disks do.
 */
public final class PoolFarewell implements CatalogFollower.Follower {
  private static final long DEADLINE_MS = 10_000;

  /** A pool that may be gone with the next delta, kept in step until then: the delta that drops it has no contents. */
  private static final class Leaving {
    final CompletableFuture<List<String>> done = new CompletableFuture<>();
    PoolMetadata base;
    final Map<String, Disk> disks = new LinkedHashMap<>();
    final Map<String, Volume> volumes = new LinkedHashMap<>();
    int callers;

    void read(PoolMetadata metadata) {
      base = metadata;
      disks.clear();
      volumes.clear();
      metadata.getDisksList().forEach(d -> disks.put(d.getId(), d));
      metadata.getVolumesList().forEach(v -> volumes.put(v.getId(), v));
    }

    void follow(ObjectChange change) {
      String pool = base.getPool().getId();
      if (change.getPool().getId().equals(pool)) base = base.toBuilder().setPool(change.getPool()).build();
      if (change.hasDisk()) put(disks, change.getDisk().getId(), change.getDisk(), change.getDisk().getPoolId().equals(pool));
      if (change.hasVolume()) put(volumes, change.getVolume().getId(), change.getVolume(), change.getVolume().getPoolId().equals(pool));
      if (change.hasRemoved()) {
        disks.remove(change.getRemoved().getId());
        volumes.remove(change.getRemoved().getId());
      }
    }

    private static <T> void put(Map<String, T> all, String id, T one, boolean ours) {
      if (ours) all.put(id, one);
      else all.remove(id);
    }
  }

  private final CatalogEngine engine;
  private final ServerDisks disks;
  private final Map<String, Leaving> leaving = new HashMap<>();

  public PoolFarewell(CatalogEngine engine, ServerDisks disks) {
    this.engine = engine;
    this.disks = disks;
  }

  /**
   * The pool is about to be exported. The stage completes with notes for people when its disks have been written to,
   * after the catalog has dropped it; at once if there is no such pool.
   */
  public CompletionStage<List<String>> begin(String pool) {
    Optional<PoolMetadata> metadata = engine.read(v -> v.poolMetadata(pool));
    if (metadata.isEmpty()) return CompletableFuture.completedFuture(List.of());
    Leaving l = leaving.computeIfAbsent(pool, p -> new Leaving());
    if (l.callers++ == 0) l.read(metadata.get());
    return l.done;
  }

  /** It was not exported after all; once for each {@link #begin}. */
  public void cancel(String pool) {
    Leaving l = leaving.get(pool);
    if (l == null || --l.callers > 0) return;
    leaving.remove(pool);
    l.done.complete(List.of());
  }

  /** Deltas were missed: a pool that is gone now went with them, and its disks are closed. */
  @Override
  public void reload() {
    for (Map.Entry<String, Leaving> e : List.copyOf(leaving.entrySet())) {
      Optional<PoolMetadata> now = engine.read(v -> v.poolMetadata(e.getKey()));
      if (now.isPresent()) {
        e.getValue().read(now.get());
        continue;
      }
      leaving.remove(e.getKey());
      e.getValue().done.complete(List.of("the disks could not be marked as exported; import them elsewhere with --take-over"));
    }
  }

  @Override
  public void changed(CatalogDelta delta) {
    if (leaving.isEmpty()) return;
    for (ObjectChange change : delta.getChangesList()) {
      if (change.getRemoved().getKind() != RemovedObject.Kind.POOL) continue;
      Leaving l = leaving.remove(change.getRemoved().getId());
      if (l != null) sayGoodbye(l, delta.getRevision());
    }
    for (Leaving l : leaving.values()) delta.getChangesList().forEach(l::follow);
  }

  private void sayGoodbye(Leaving l, long revision) {
    byte[] last = l.base.toBuilder().clearDisks().addAllDisks(l.disks.values()).clearVolumes().addAllVolumes(l.volumes.values())
        .setRevision(revision).setExported(true).build().toByteArray();
    List<CompletableFuture<String>> writes = new ArrayList<>();
    for (Disk disk : l.disks.values()) {
      if (!disks.online(disk.getId())) {
        writes.add(CompletableFuture.completedFuture(unmarked(disk, disks.reason(disk.getId()))));
        continue;
      }
      writes.add(disks.carryWhenDropped(disk.getId(), last).toCompletableFuture().thenApply(x -> "")
          .orTimeout(DEADLINE_MS, TimeUnit.MILLISECONDS).exceptionally(failure -> unmarked(disk, DiskAccess.reason(failure))));
    }
    CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).thenAccept(
        x -> l.done.complete(writes.stream().map(CompletableFuture::join).filter(note -> !note.isEmpty()).toList()));
  }

  private static String unmarked(Disk disk, String why) {
    return "disk " + disk.getName() + " could not be marked as exported (" + why + ")";
  }
}
