package sluice.server.volumes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.LegRole;
import sluice.api.layout.VolumeLayout;
import sluice.io.device.DeviceIo;
import sluice.server.disks.DiskAccess;
import sluice.volume.VolumeEngine;
import sluice.volume.snapshot.Preserver;
import sluice.volume.snapshot.SnapshotFollower;

/**
 * The loop's part of a {@link ServedVolume}: gate, engine, holds, copies. A volume that cannot be reached when it is
 * opened is tried again until it can; meanwhile requests end with ENXIO. On the loop, but for the constructor.
 */
final class ServedIo implements VolumeEngine.Disks, VolumeEngine.Listener {
  /** What has to be known elsewhere. On the loop. */
  interface Events {
    void legFailed(String legId, String diskId, int error);

    /** Disks on which something of the server is under way though their legs are given up. */
    void ghosts(Set<String> disks);

    /** See {@link Preserver.Events#roomWanted}. */
    void roomWanted(int slots, int free, int waiting);
  }

  private static final Logger LOG = LoggerFactory.getLogger(ServedIo.class);
  static final String GIVEN_UP = "the hold was given up";
  private static final long RETRY_NANOS = 500_000_000L;
  private static final long SETTLE_NANOS = 3_000_000_000L;
  private static final long LOOK_NANOS = 1_000_000L;
  private static final long GHOST_NANOS = 100_000_000L;
  /** The strictest there is, as the disks' ports have it: the same for every layout of the volume. */
  private static final int ALIGNMENT = 4096;

  private record Hold(Set<String> doomed, Consumer<String> done) {}

  final IoLoop loop;
  final String volumeId;
  final VolumeGate gate;
  final Preserver preserver;
  final SnapshotFollower snapshots;
  private final long run;
  private final Events events;
  private final CopyRoom room;
  private final Map<String, BlockDevice> ports = new HashMap<>();
  /** Of each leg there has been, also of those that are gone. */
  private final Map<String, Set<String>> legDisks = new HashMap<>();
  private final List<Hold> holds = new ArrayList<>();
  private final List<CopyJob> copies = new ArrayList<>();
  private final ArrayDeque<Runnable> afterOpening = new ArrayDeque<>();
  private VolumeLayout layout;
  private VolumeEngine engine;
  /** Under which the engine runs; -1: it has failed to take one up. */
  private long adopted;
  /** What is being opened at the moment; null: nothing is. */
  private Object attempt;
  private boolean closed;
  private boolean shut;
  private boolean looking;
  private boolean watching;
  private String problem = "it has not been opened yet";
  private Set<String> ghosts = Set.of();
  private long windowStart;
  private long windowEnd;

  /** Any thread. @param ports of the layout's disks, on the loop */
  ServedIo(IoLoop loop, String volumeId, VolumeLayout layout, Map<String, BlockDevice> ports, long run, CopyRoom room, Events events) {
    this.loop = loop;
    this.volumeId = volumeId;
    this.run = run;
    this.room = room;
    this.events = events;
    this.ports.putAll(ports);
    take(layout);
    gate = new VolumeGate(loop, traits());
    // What it preserves reaches as far as the volume does at the moment.
    preserver = new Preserver(loop, new EngineDevice(loop, this::traits, () -> engine), gate, events::roomWanted);
    snapshots = new SnapshotFollower(loop, volumeId, preserver);
  }

  private BlockTraits traits() {
    return new BlockTraits(layout.size() & -ALIGNMENT, ALIGNMENT, ALIGNMENT, false, true, false, false);
  }

  private void take(VolumeLayout next) {
    layout = next;
    for (int l = 0; l < next.legs().size(); l++) {
      Set<String> disks = disksOf(next, l);
      // What a leg has on disks of the leg that it is to replace is not given up with it: the other one needs them.
      for (int o = 0; o < next.legs().size(); o++) {
        if (next.legs().get(o).id().equals(next.legs().get(l).replaces())) disks.removeAll(disksOf(next, o));
      }
      legDisks.put(next.legs().get(l).id(), disks);
    }
  }

  private static Set<String> disksOf(VolumeLayout layout, int leg) {
    Set<String> disks = new HashSet<>();
    layout.extents(leg).forEach(e -> disks.add(e.disk()));
    if (layout.legs().get(leg).intents() != null) disks.add(layout.legs().get(leg).intents().disk());
    return disks;
  }

  @Override
  public BlockDevice disk(String id) {
    return ports.get(id);
  }

  // ---- opening

  void open() {
    if (closed || attempt != null || engine != null) return;
    Object mine = new Object();
    attempt = mine;
    VolumeEngine fresh;
    try {
      fresh = new VolumeEngine(loop, volumeId, layout, this, 0, run, VolumeEngine.OnLegFailure.HOLD, this);
    } catch (RuntimeException e) {
      openEnded(mine, null, e);
      return;
    }
    fresh.open().whenComplete((x, failure) -> openEnded(mine, fresh, failure));
  }

  private void openEnded(Object mine, VolumeEngine fresh, Throwable failure) {
    boolean current = attempt == mine && !closed;
    if (fresh != null && (!current || failure != null)) fresh.close();
    if (!current) return;
    attempt = null;
    if (failure == null) {
      engine = fresh;
      adopted = layout.epoch();
      gate.resized(layout.size() & -ALIGNMENT);
      engine.window(windowStart, windowEnd);
      problem = "";
      if (!shut) letIn();
      afterOpening();
    } else {
      problem = DiskAccess.reason(failure);
      LOG.debug("volume {} cannot be opened yet: {}", volumeId, problem);
      if (!shut) gate.refuse();
      loop.schedule(RETRY_NANOS, this::open);
      afterOpening();
    }
  }

  private void afterOpening() {
    for (int n = afterOpening.size(); n > 0; n--) afterOpening.poll().run();
  }

  /**
   * While the volume stands still: whether what it shows is what it will show, also after its disks have lost power.
   *
   * @param done empty: it is; otherwise why not
   */
  void settle(Consumer<String> done) {
    boolean[] told = {false};
    Consumer<String> once = why -> {
      if (told[0]) return;
      told[0] = true;
      done.accept(why);
    };
    if (engine == null) once.accept(problem.isEmpty() ? "the volume is not open" : problem);
    else if (engine.holds()) once.accept("a copy of the volume has just failed");
    else {
      loop.schedule(SETTLE_NANOS, () -> once.accept("its disks have not made everything stable in time"));
      DeviceIo.flush(engine).whenComplete((x, failure) -> once.accept(failure == null ? "" : DiskAccess.reason(failure)));
    }
  }

  /** Runs the one or the other as soon as it is known whether the volume can be reached. */
  void whenOpened(Runnable then, Consumer<String> otherwise) {
    if (closed) otherwise.accept("the volume is closed");
    else if (engine != null) then.run();
    else if (attempt != null) afterOpening.add(() -> whenOpened(then, otherwise));
    else otherwise.accept(problem);
  }

  VolumeEngine engine() {
    return engine;
  }

  private void letIn() {
    preserver.resume();
    gate.open(preserver);
  }

  // ---- standing still, and going on

  void hold(Set<String> doomed, Consumer<String> done) {
    shut = true;
    gate.shut();
    // What is being preserved comes to its end first, so that what changed is told exactly; what fails is not waited for.
    if (!doomed.isEmpty()) preserver.pause();
    holds.add(new Hold(doomed, done));
    look();
  }

  private void look() {
    for (Hold h : List.copyOf(holds)) {
      if (!quiet(h.doomed) || !holds.remove(h)) continue;
      preserver.pause();
      h.done.accept("");
    }
    if (holds.isEmpty() || looking) return;
    looking = true;
    loop.schedule(LOOK_NANOS, () -> {
      looking = false;
      look();
    });
  }

  /** Whether nothing is under way that anybody waits for, or only on these legs. */
  private boolean quiet(Set<String> doomed) {
    if (doomed.isEmpty() && !preserver.isDrained()) return false;
    if (engine == null || engine.underWay() == 0) return true;
    Set<String> busy = new HashSet<>(engine.busyDisks());
    // What was given up before is waited for by nobody.
    busy.retainAll(engine.layout().disks());
    return disksOf(doomed).containsAll(busy);
  }

  private Set<String> disksOf(Collection<String> legs) {
    Set<String> disks = new HashSet<>();
    for (String leg : legs) disks.addAll(legDisks.getOrDefault(leg, Set.of()));
    return disks;
  }

  void adopt(VolumeLayout next, Map<String, BlockDevice> more, Consumer<String> done) {
    ports.putAll(more);
    shut = true;
    gate.shut();
    for (Hold h : List.copyOf(holds)) if (holds.remove(h)) h.done.accept(GIVEN_UP);
    if (next.epoch() != layout.epoch()) take(next);
    if (engine == null) {
      reopen(done);
      return;
    }
    abandonCopies();
    if (next.epoch() == adopted) {
      engine.retryHeld();
      goOn(done);
      return;
    }
    adopted = -1;
    engine.relayout(next).whenComplete((x, failure) -> relaid(next, done, failure));
  }

  private void relaid(VolumeLayout next, Consumer<String> done, Throwable failure) {
    if (failure != null) {
      // Who asked tries again; until then nothing goes out under the layout that is void.
      done.accept(DiskAccess.reason(failure));
      return;
    }
    adopted = next.epoch();
    goOn(done);
  }

  private void reopen(Consumer<String> done) {
    shut = false;
    // What is being opened is of a layout that may be void, and may hang on a leg that is given up.
    attempt = null;
    open();
    if (attempt != null) afterOpening.add(() -> done.accept(""));
    else done.accept("");
  }

  private void goOn(Consumer<String> done) {
    gate.resized(layout.size() & -ALIGNMENT);
    // Somebody may have asked for another stand meanwhile.
    shut = !holds.isEmpty();
    if (!shut) letIn();
    done.accept("");
    watchGhosts();
  }

  private void abandonCopies() {
    Set<String> gone = new HashSet<>(legDisks.keySet());
    for (LegRole leg : layout.legs()) if (leg.state() != LegRole.State.STALE) gone.remove(leg.id());
    for (CopyJob copy : List.copyOf(copies)) copy.abandon(gone);
  }

  // ---- what hangs on disks that are given up (invariant 8)

  private void watchGhosts() {
    if (watching || closed) return;
    Set<String> busy = new HashSet<>(engine == null ? Set.of() : engine.busyDisks());
    for (CopyJob copy : List.copyOf(copies)) {
      busy.addAll(disksOf(copy.busyLegs()));
      if (copy.isOver()) copies.remove(copy);
    }
    layout.disks().forEach(busy::remove);
    if (!busy.equals(ghosts)) {
      ghosts = Set.copyOf(busy);
      events.ghosts(ghosts);
    }
    if (ghosts.isEmpty()) return;
    watching = true;
    loop.schedule(GHOST_NANOS, () -> {
      watching = false;
      watchGhosts();
    });
  }

  // ---- the engine

  @Override
  public void legFailed(String legId, String diskId, int error) {
    events.legFailed(legId, diskId, error);
  }

  void giveUpHeld() {
    if (engine != null) engine.failHeld(IoError.EIO);
  }

  void window(long start, long end) {
    windowStart = start;
    windowEnd = end;
    if (engine != null) engine.window(start, end);
  }

  /** Null: there is no such leg, or it is stale. */
  BlockDevice leg(String id) {
    List<LegRole> legs = engine.layout().legs();
    for (int l = 0; l < legs.size(); l++) {
      if (legs.get(l).id().equals(id) && legs.get(l).state() != LegRole.State.STALE) return engine.leg(l);
    }
    return null;
  }

  void begin(CopyJob copy) {
    copies.removeIf(CopyJob::isOver);
    copies.add(copy);
    copy.begin(this, room);
  }

  /** Any thread: completes when nothing of it is under way. */
  CompletionStage<Void> close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    gate.close();
    loop.execute(() -> {
      closed = true;
      for (Hold h : List.copyOf(holds)) if (holds.remove(h)) h.done.accept(GIVEN_UP);
      afterOpening();
      copies.forEach(CopyJob::stop);
      snapshots.close();
      CompletableFuture<Void> preserved = preserver.close().toCompletableFuture();
      CompletableFuture<Void> all = CompletableFuture.allOf(copies.stream().map(CopyJob::ended).toArray(CompletableFuture[]::new))
          .thenCompose(x -> preserved);
      all.thenCompose(x -> engine == null ? CompletableFuture.completedFuture(null) : engine.close())
          .whenComplete((x, failure) -> done.complete(null));
    });
    return done;
  }
}
