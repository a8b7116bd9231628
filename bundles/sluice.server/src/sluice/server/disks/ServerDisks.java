package sluice.server.disks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.io.IoLoops;
import sluice.io.label.LabelIo;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.DiskStatus;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.RemovedObject;
import sluice.server.ControlThread;
import sluice.server.changes.CatalogFollower;

/** All disks of the catalog, each kept open. On the control thread. */
public final class ServerDisks implements CatalogFollower.Follower {
  private static final long TICK_MS = 250;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final DiskAccess access;
  private final IoLoops loops;
  private final String clusterId;
  private final Map<String, ServerDisk> disks = new TreeMap<>();
  private final List<DiskListener> listeners = new ArrayList<>();
  private final DiskListener teller = new Teller();
  /** Removals that the API waits for, with what is to be done to the disk last. */
  private final Map<String, Farewell> farewells = new TreeMap<>();

  private final DiskFailures failures = new DiskFailures();
  private Supplier<Map<String, String>> doubtful = Map::of;

  private record Farewell(ServerDisk.LastWrite last, CompletableFuture<Void> done) {}

  public ServerDisks(ControlThread control, CatalogEngine engine, DiskAccess access, IoLoops loops, String clusterId) {
    this.control = control;
    this.engine = engine;
    this.access = access;
    this.loops = loops;
    this.clusterId = clusterId;
  }

  public void add(DiskListener listener) {
    listeners.add(listener);
  }

  /** Before the follower starts: looks at the disks again and again. */
  public void start() {
    control.every(TICK_MS, () -> List.copyOf(disks.values()).forEach(ServerDisk::tick));
  }

  @Override
  public void reload() {
    List<Disk> all = engine.read(CatalogView::disks);
    Set<String> known = new HashSet<>();
    for (Disk d : all) {
      known.add(d.getId());
      follow(d);
    }
    for (String id : List.copyOf(disks.keySet())) if (!known.contains(id)) drop(id);
  }

  @Override
  public void changed(CatalogDelta delta) {
    for (ObjectChange change : delta.getChangesList()) {
      if (change.hasDisk()) follow(change.getDisk());
      else if (change.getRemoved().getKind() == RemovedObject.Kind.DISK) drop(change.getRemoved().getId());
    }
  }

  private void follow(Disk disk) {
    ServerDisk known = disks.get(disk.getId());
    if (known != null) {
      known.update(disk);
      return;
    }
    ServerDisk fresh = new ServerDisk(control, access, loops.next(), clusterId, disk, teller);
    disks.put(disk.getId(), fresh);
    fresh.tick();
  }

  private void drop(String id) {
    ServerDisk disk = disks.remove(id);
    failures.forget(id);
    for (DiskListener l : List.copyOf(listeners)) l.diskGone(id);
    Farewell farewell = farewells.remove(id);
    if (disk == null) {
      if (farewell != null) farewell.done.complete(null);
      return;
    }
    disk.remove(farewell == null ? null : farewell.last).whenComplete((x, failure) -> {
      if (farewell == null) return;
      if (failure == null) farewell.done.complete(null);
      else farewell.done.completeExceptionally(failure);
    });
  }

  /** Passes on what a disk tells. What still comes of one that is being taken leave of is nobody's news. */
  private final class Teller implements DiskListener {
    @Override
    public void diskChanged(Disk disk, DiskStatus status, boolean stateChanged) {
      if (!disks.containsKey(disk.getId())) return;
      for (DiskListener l : List.copyOf(listeners)) l.diskChanged(disk, status, stateChanged);
    }

    @Override
    public void labelMended(Disk disk, String note) {
      if (!disks.containsKey(disk.getId())) return;
      for (DiskListener l : List.copyOf(listeners)) l.labelMended(disk, note);
    }
  }

  /** Null if there is no such disk. */
  ServerDisk disk(String id) {
    return disks.get(id);
  }

  /** When the catalog drops this disk, its label is erased too; the stage completes then. */
  CompletionStage<Void> eraseWhenDropped(String id) {
    return farewells.computeIfAbsent(id, i -> new Farewell((on, label) -> LabelIo.erase(on), new CompletableFuture<>())).done;
  }

  /**
   * The catalog is dropping this disk and its pool, which keeps all it has: the disk carries this metadata from then
   * on. To be called before this follower hears of it; the stage completes when it is written, and fails if it cannot be.
   */
  public CompletionStage<Void> carryWhenDropped(String id, byte[] metadata) {
    Farewell farewell = new Farewell((on, label) -> ServerDisk.writeLast(on, label, metadata), new CompletableFuture<>());
    farewells.put(id, farewell);
    return farewell.done;
  }

  /** The catalog did not drop it after all. */
  void keep(String id) {
    farewells.remove(id);
  }

  /** The disk for use on a loop, or null if it is not in the catalog. */
  public BlockDevice port(String id, IoLoop loop) {
    ServerDisk disk = disks.get(id);
    return disk == null ? null : disk.port(loop);
  }

  /** Whether the catalog has it. */
  public boolean knows(String id) {
    return disks.containsKey(id);
  }

  /** How it is, if that is known yet; null otherwise. */
  public DiskStatus status(String id) {
    ServerDisk disk = disks.get(id);
    return disk == null || !disk.known() ? null : disk.status();
  }

  public boolean online(String id) {
    ServerDisk disk = disks.get(id);
    return disk != null && disk.online();
  }

  /** Why the disk is not online; for people. */
  public String reason(String id) {
    ServerDisk disk = disks.get(id);
    return disk == null ? "it is not open yet" : disk.reason();
  }

  /** @see ServerDisk#carry */
  public CompletionStage<Void> carry(String id, byte[] metadata, long revision) {
    ServerDisk disk = disks.get(id);
    if (disk == null) return CompletableFuture.completedFuture(null);
    return disk.carry(metadata, revision);
  }

  public List<DiskStatus> statuses() {
    List<DiskStatus> all = new ArrayList<>();
    for (ServerDisk d : disks.values()) all.add(d.status());
    return all;
  }

  /**
   * Disks that no new extent should go to now: those that cannot be reached, those on which something is in doubt, and
   * those that have failed not long ago.
   */
  public List<AvoidDisk> avoid() {
    Map<String, String> reasons = new TreeMap<>(doubtful.get());
    reasons.putAll(failures.recent(control.nanoTime()));
    for (ServerDisk d : disks.values()) if (d.known() && !d.online()) reasons.put(d.disk().getId(), "not reachable: " + d.reason());
    List<AvoidDisk> list = new ArrayList<>();
    reasons.forEach((id, why) -> list.add(AvoidDisk.newBuilder().setDiskId(id).setReason(why).build()));
    return list;
  }

  /** @param by disks on which something may still take effect that somebody has given up waiting for (invariant 8), with why */
  public void doubtful(Supplier<Map<String, String>> by) {
    doubtful = by;
  }

  /** The server could not write to the disk, whatever its label says: it is looked at, and avoided for some time. */
  public void failed(String id, String error) {
    if (!disks.containsKey(id)) return;
    failures.failed(id, error, control.nanoTime());
    suspect(id);
  }

  /** Completes when it is known how the disk is: a disk that has just come into the catalog is opened first. */
  public CompletionStage<Void> settled(String id) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    awaitKnown(id, done);
    return done;
  }

  /** A first look ends by its deadline, so this does. */
  private void awaitKnown(String id, CompletableFuture<Void> done) {
    ServerDisk disk = disks.get(id);
    if (disk == null || disk.known()) done.complete(null);
    else control.after(5, () -> awaitKnown(id, done));
  }

  /** Looks at all disks now; completes when each has answered or its time is up. */
  public CompletionStage<Void> recheck() {
    disks.values().forEach(ServerDisk::recheck);
    CompletableFuture<Void> done = new CompletableFuture<>();
    awaitLooks(done, control.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ServerDisk.DEADLINE_MS + 2 * TICK_MS));
    return done;
  }

  private void awaitLooks(CompletableFuture<Void> done, long end) {
    boolean busy = disks.values().stream().anyMatch(ServerDisk::looking);
    if (!busy || control.nanoTime() - end > 0) done.complete(null);
    else control.after(20, () -> awaitLooks(done, end));
  }

  /** A host says that it cannot reach this disk: is it the disk, or the host's path (invariant 10)? */
  public void suspect(String id) {
    ServerDisk disk = disks.get(id);
    if (disk != null && disk.online()) disk.recheck();
  }

  /** Looks at the disk by the connection there is, now. Empty: it is there; otherwise why not. Never fails. */
  public CompletionStage<String> look(String id) {
    ServerDisk disk = disks.get(id);
    return disk == null ? CompletableFuture.completedFuture("it is not open yet") : disk.lookNow();
  }

  /** Closes all; completes when what was under way has ended. */
  public CompletionStage<Void> close() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (ServerDisk d : disks.values()) all.add(d.remove(null).toCompletableFuture());
    disks.clear();
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }
}
