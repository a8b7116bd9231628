package sluice.server.pools;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.Pool;
import sluice.protocol.v1.PoolMetadata;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.PoolCopies;
import sluice.server.disks.DiskListener;
import sluice.server.disks.ServerDisks;

/**
 * Writes a pool's metadata to all its disks after each change that touches it: one round at a time for each pool, and
 * what changes during a round goes with the next. A disk that cannot be reached is noted, and gets its copy when it is
 * back. On the control thread.
 */
public final class PoolMetadataWriter implements CatalogFollower.Follower, PoolCopies, DiskListener {
  /** A disk that has not taken its copy by then holds the answer up no longer; the write itself goes on. */
  private static final long DEADLINE_MS = 10_000;

  private record Wait(long revision, CompletableFuture<List<String>> done) {}

  private static final class Round {
    long wanted;
    long done;
    boolean running;
    boolean again;
    List<String> notes = List.of();
    final List<Wait> waits = new ArrayList<>();
  }

  private final ControlThread control;
  private final CatalogEngine engine;
  private final ServerDisks disks;
  private final Map<String, Round> rounds = new TreeMap<>();
  /** Who waits for a disk to take its copy, by the disk's id. */
  private final Map<String, List<CompletableFuture<Void>>> waiting = new TreeMap<>();

  public PoolMetadataWriter(ControlThread control, CatalogEngine engine, ServerDisks disks) {
    this.control = control;
    this.engine = engine;
    this.disks = disks;
  }

  /** Every disk gets its copy when it has come up: see {@link #diskChanged}. Those that are up get it now. */
  @Override
  public void reload() {
    long revision = engine.read(CatalogView::revision);
    for (Pool p : engine.read(CatalogView::pools)) touched(p.getId(), revision);
  }

  @Override
  public void changed(CatalogDelta delta) {
    for (String pool : CatalogView.poolsTouched(delta)) touched(pool, delta.getRevision());
  }

  @Override
  public void diskChanged(Disk disk, DiskStatus status, boolean stateChanged) {
    if (status.getState() != DiskStatus.State.ONLINE) lost(disk.getId(), status.getReason());
    if (!stateChanged || status.getState() != DiskStatus.State.ONLINE || disk.getPoolId().isEmpty()) return;
    Round round = rounds.get(disk.getPoolId());
    if (round == null) return;
    round.again = true;
    startIfNeeded(disk.getPoolId(), round);
  }

  /** A change that gives up a leg on this disk must not wait for the disk. */
  private void lost(String disk, String reason) {
    List<CompletableFuture<Void>> waits = waiting.remove(disk);
    if (waits == null) return;
    SluiceException gone = new SluiceException(ErrorCode.UNAVAILABLE, "the disk cannot be reached", reason, "see to the disk", disk);
    for (CompletableFuture<Void> wait : waits) wait.completeExceptionally(gone);
  }

  private void touched(String pool, long revision) {
    Round round = rounds.computeIfAbsent(pool, p -> new Round());
    round.wanted = Math.max(round.wanted, revision);
    startIfNeeded(pool, round);
  }

  private void startIfNeeded(String pool, Round round) {
    if (round.running || (round.done >= round.wanted && !round.again)) return;
    round.running = true;
    round.again = false;
    // The newest state, not the one that was asked for: it shows that one too, and the next round may be spared.
    Optional<PoolMetadata> metadata = engine.read(v -> v.poolMetadata(pool));
    long revision = Math.max(round.wanted, metadata.map(PoolMetadata::getRevision).orElse(0L));
    if (metadata.isEmpty()) {
      // Deleted or exported: the disks keep what they have.
      finished(pool, round, revision, List.of());
      rounds.remove(pool, round);
      return;
    }
    PoolMetadata written = metadata.get().toBuilder().setWrittenMs(control.nowMs()).build();
    write(written).whenCompleteAsync(
        (notes, failure) -> finished(pool, round, revision, failure == null ? notes : List.of(failure.toString())), control);
  }

  private CompletionStage<List<String>> write(PoolMetadata metadata) {
    byte[] payload = metadata.toByteArray();
    List<String> notes = java.util.Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<?>> writes = new ArrayList<>();
    for (Disk disk : metadata.getDisksList()) {
      CompletableFuture<Void> write = disks.settled(disk.getId())
          .thenCompose(x -> disks.carry(disk.getId(), payload, metadata.getRevision())).toCompletableFuture();
      // A copy, so that the deadline ends the waiting and not the write.
      CompletableFuture<Void> wait = write.thenApply(x -> x);
      waiting.computeIfAbsent(disk.getId(), d -> new ArrayList<>()).add(wait);
      writes.add(wait.orTimeout(DEADLINE_MS, TimeUnit.MILLISECONDS).handleAsync((x, failure) -> {
        waiting.getOrDefault(disk.getId(), new ArrayList<>()).remove(wait);
        if (failure != null) notes.add(behind(disk, why(failure)));
        return null;
      }, control));
    }
    return CompletableFuture.allOf(writes.toArray(CompletableFuture[]::new)).thenApply(x -> List.copyOf(notes));
  }

  private static String why(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null && !(t instanceof SluiceException)) t = t.getCause();
    if (t instanceof SluiceException e) return e.why().isEmpty() ? e.what() : e.why();
    return t instanceof TimeoutException ? "no answer in " + DEADLINE_MS / 1000 + " s" : t.toString();
  }

  private static String behind(Disk disk, String why) {
    return "disk " + disk.getName() + " does not have the change yet (" + why + "); it gets it when it is back";
  }

  private void finished(String pool, Round round, long revision, List<String> notes) {
    round.running = false;
    round.done = Math.max(round.done, revision);
    round.notes = notes;
    for (Wait w : List.copyOf(round.waits)) {
      if (w.revision <= round.done && round.waits.remove(w)) w.done.complete(notes);
    }
    startIfNeeded(pool, round);
  }

  @Override
  public CompletionStage<List<String>> carried(Set<String> pools, long revision) {
    List<CompletableFuture<List<String>>> all = new ArrayList<>();
    for (String pool : pools) {
      Round round = rounds.get(pool);
      if (round == null) continue;
      if (round.done >= revision) {
        all.add(CompletableFuture.completedFuture(round.notes));
        continue;
      }
      Wait wait = new Wait(revision, new CompletableFuture<>());
      round.waits.add(wait);
      all.add(wait.done);
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(x -> {
      Set<String> notes = new TreeSet<>();
      for (CompletableFuture<List<String>> one : all) notes.addAll(one.join());
      return List.copyOf(notes);
    });
  }
}
