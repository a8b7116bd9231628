package sluice.agent.direct;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.DiskLine;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.VolumeAccess;
import sluice.volume.VolumeEngine;

/**
 * A volume straight on its disks. Usable while every disk of the layout's legs that are in sync or being filled is open and has
 * shown the right label, and the write intents have been read; a disk that closes is opened again, with pauses that grow, for as
 * long as the layout has it.
 *
 * <p>A new layout is taken up in place: disks that stay are not touched, those that come are opened first (requests wait for that
 * {@link #OPEN_NANOS} at most), those that go are closed when what they have is settled.
 */
final class DirectRoute implements Route {
  private static final Logger LOG = LoggerFactory.getLogger(DirectRoute.class);
  /** What the router offers above, whatever the disks could do. */
  static final int ALIGNMENT = 4096;
  /** A new layout does not wait for its disks longer; the route is then not usable until they are there. */
  static final long OPEN_NANOS = TimeUnit.SECONDS.toNanos(1);
  /** Nor for requests that nobody waits for any more and that hang on disks that stay. */
  static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(2);
  /**
   * By then a disk's server has done what it had taken of a connection that was cut, or never will. Part of the margin that the
   * server waits beyond a lease (ServerFacts).
   */
  static final long CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(600);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final IoLoop loop;
  private final RouteListener listener;
  private final Consumer<DirectRoute> whenClosed;
  private final RouteDisks disks;
  private final Prober prober;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private VolumeAccess access;
  private RouteHealth health = new RouteHealth(false, "its disks are being opened");
  private VolumeEngine engine;
  private boolean opened;
  /** The end of the engine before: it may still be clearing the slot of write intents that the next one will mark. */
  private CompletableFuture<Void> parting = CompletableFuture.completedFuture(null);
  /** Layouts that the engine has not taken up yet. */
  private int switching;
  /** Why the engine could not be opened. */
  private String problem = "";
  private IoLoop.Timer retry;
  private long windowStart;
  private long windowEnd;
  /** A new layout is being taken up; set until its disks are open or their time is over. */
  private Runnable relayout;
  private boolean relayouting;
  private String failedPart = "";
  private boolean closing;
  private boolean strict;
  private long lineNumber;

  DirectRoute(VolumeAccess access, IoLoop loop, RouteListener listener, List<DiskOpener> openers,
      Consumer<DirectRoute> whenClosed) {
    this.access = access;
    this.loop = loop;
    this.listener = listener;
    this.whenClosed = whenClosed;
    disks = new RouteDisks(id -> new DiskSlot(this, id, new DiskFinder(() -> this.access, id, loop, openers)));
    prober = new Prober(loop, disks::used, listener::probed);
  }

  void start() {
    if (closing) return;
    disks.use(access.layout().disks());
    for (DiskSlot slot : disks.used()) slot.open();
  }

  @Override
  public RouteKind kind() {
    return RouteKind.DIRECT;
  }

  @Override
  public RouteHealth health() {
    return health;
  }

  @Override
  public String failedPart() {
    return failedPart;
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return new BlockTraits(access.layout().size(), ALIGNMENT, ALIGNMENT, access.readOnly(), true, true, false);
  }

  // ---- lines

  /** Unlike any number before, also of an earlier route of the volume. */
  long nextLine() {
    lineNumber = Math.max(lineNumber + 1, loop.nanoTime());
    return lineNumber;
  }

  /** Are only lines used that the server has proved? */
  boolean strict() {
    return strict && access.layout().legs().size() > 1;
  }

  @Override
  public List<DiskLine> lines() {
    return strict() ? disks.lines() : List.of();
  }

  @Override
  public void proofs(long run, List<DiskLine> proved) {
    strict = true;
    disks.proofs(run, proved);
    slotChanged();
  }

  @Override
  public void lapsed(boolean on) {
    disks.lapsed(on);
  }

  @Override
  public void cut() {
    disks.cut();
  }

  // ---- health

  /** A slot has found its disk or lost it. */
  void slotChanged() {
    if (relayout != null && disks.allOpen()) relayout.run();
    if (closing || relayouting) return;
    RouteHealth now = look();
    if (now.equals(health)) return;
    health = now;
    LOG.info("volume {}: direct route {}", access.name(), now.usable() ? "is open" : "is not usable: " + now.reason());
    listener.healthChanged(now);
  }

  private boolean ready() {
    return opened && switching == 0;
  }

  private RouteHealth look() {
    for (DiskSlot slot : disks.used()) if (!slot.isOpen()) return new RouteHealth(false, slot.reason());
    for (DiskSlot slot : disks.used()) {
      if (!slot.isGood()) return new RouteHealth(false, "the server has yet to say that " + slot.label() + " has lost nothing");
    }
    String small = disks.tooSmall(access.layout());
    if (!small.isEmpty()) return new RouteHealth(false, small);
    if (engine == null && retry == null && parting.isDone()) openEngine();
    if (ready()) return RouteHealth.GOOD;
    if (!parting.isDone()) return new RouteHealth(false, "what was under way before has not ended on " + disks.busyLabels());
    if (switching > 0) return new RouteHealth(false, "its new layout waits for what hangs on " + disks.busyLabels());
    return new RouteHealth(false, problem.isEmpty() ? "its write intents are being read" : problem);
  }

  private void openEngine() {
    VolumeEngine opening = new VolumeEngine(loop, access.volumeId(), access.layout(), disks::device, access.slot(),
        access.incarnation(), VolumeEngine.OnLegFailure.FAIL, this::legFailed);
    engine = opening;
    boolean[] now = {true};
    opening.open().whenComplete((nothing, failure) -> {
      if (engine != opening) return;
      opened = failure == null;
      if (opened) {
        problem = "";
        opening.window(windowStart, windowEnd);
      } else {
        problem = "its write intents cannot be read: " + DiskFinder.text(failure);
        discardEngine();
        if (!closing) retry = loop.schedule(RETRY_NANOS, this::again);
      }
      if (!now[0]) slotChanged();
    });
    now[0] = false;
  }

  private void again() {
    retry = null;
    slotChanged();
  }

  /** It ends what it still has by itself; the next one is opened after that. */
  private void discardEngine() {
    VolumeEngine old = engine;
    engine = null;
    opened = false;
    switching = 0;
    if (old == null) return;
    CompletableFuture<Void> ending = old.close().toCompletableFuture();
    parting = ending;
    disks.awaitAtClose(ending);
    if (!ending.isDone()) ending.whenComplete((nothing, failure) -> slotChanged());
  }

  void slotFailed(DiskSlot slot) {
    failedPart = slot.label();
  }

  private void legFailed(String leg, String diskId, int error) {
    DiskSlot slot = disks.slot(diskId);
    if (slot != null) failedPart = slot.label();
    LOG.debug("volume {}: leg {} failed on disk {}: {}", access.name(), leg, diskId, IoError.text(error));
  }

  // ---- requests

  @Override
  public void submit(BlockRequest request) {
    if (closing) request.completed(IoError.ESHUTDOWN);
    else if (!ready()) request.completed(IoError.ENXIO);
    else engine.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (closing || !ready()) sink.completed(closing ? IoError.ESHUTDOWN : IoError.ENXIO);
    else engine.status(offset, length, sink);
  }

  @Override
  public void probe() {
    if (closing) return;
    if (health.usable()) prober.start();
    else listener.probed(IoError.ENXIO, health.reason());
  }

  @Override
  public boolean takes(BlockRequest request) {
    if (!ready()) return true;
    // Without a slot to mark it in, a change of a mirror is the server's (invariant 4).
    boolean unmarked = access.slot() < 0 && access.layout().legs().size() > 1 && request.op.changesData();
    return !unmarked && engine.takes(request);
  }

  @Override
  public void window(long start, long end) {
    windowStart = start;
    windowEnd = end;
    if (opened) engine.window(start, end);
  }

  @Override
  public void quiet(boolean on) {
    disks.quiet(on);
  }

  @Override
  public Set<String> busyDisks() {
    return disks.busy();
  }

  @Override
  public Set<String> lostDisks() {
    return disks.lost();
  }

  @Override
  public Set<String> formerDisks() {
    return disks.formerlyUsed();
  }

  // ---- a new layout

  @Override
  public CompletionStage<Void> relayout(VolumeAccess next) {
    if (closing || next.readOnly() != access.readOnly()) {
      if (closing) disks.keepOnly(next.layout().disks());
      return CompletableFuture.failedFuture(new IllegalStateException(closing ? "the route is closing" : "another access"));
    }
    access = next;
    relayouting = true;
    disks.use(next.layout().disks());
    for (DiskSlot slot : disks.used()) slot.open();
    CompletableFuture<Void> done = new CompletableFuture<>();
    relayout = () -> {
      relayout = null;
      changeEngine(done);
    };
    Runnable mine = relayout;
    if (engine == null || disks.allOpen()) {
      mine.run();
    } else {
      loop.schedule(OPEN_NANOS, () -> {
        if (relayout == mine) mine.run();
      });
    }
    return done;
  }

  private void changeEngine(CompletableFuture<Void> done) {
    VolumeEngine changing = engine;
    if (changing != null && !opened) discardEngine();
    if (opened) {
      switching++;
      changing.relayout(access.layout(), access.slot()).whenComplete((nothing, failure) -> changed(changing, failure, done));
    }
    // What was held back goes on under the new layout, or ends with the disk that is not part of it any more.
    disks.quiet(false);
    disks.retire();
    if (switching == 0) changed(null, null, done);
    else loop.schedule(SETTLE_NANOS, () -> takenUp(done));
  }

  private void changed(VolumeEngine changing, Throwable failure, CompletableFuture<Void> done) {
    if (changing != null && changing == engine) {
      if (failure == null) {
        switching--;
      } else {
        LOG.warn("volume {}: the direct route is opened anew under epoch {}: {}", access.name(), access.layout().epoch(),
            DiskFinder.text(failure));
        discardEngine();
      }
    }
    takenUp(done);
    slotChanged();
  }

  /** As far as the route's users are concerned: the route may not be usable yet. */
  private void takenUp(CompletableFuture<Void> done) {
    if (done.isDone()) return;
    LOG.info("volume {}: direct route under epoch {} on {}", access.name(), access.layout().epoch(), access.layout().disks());
    relayouting = false;
    slotChanged();
    done.complete(null);
  }

  // ---- the end

  @Override
  public CompletionStage<Void> close() {
    if (loop.inLoop()) beginClose();
    else loop.execute(this::beginClose);
    return closed.minimalCompletionStage();
  }

  private void beginClose() {
    if (closing) return;
    closing = true;
    prober.stop();
    if (retry != null) retry.cancel();
    disks.endHeldBack();
    CompletionStage<Void> drained = engine == null ? CompletableFuture.completedFuture(null) : engine.close();
    drained.thenCompose(nothing -> disks.close()).whenComplete((nothing, failure) -> {
      whenClosed.accept(this);
      closed.complete(null);
    });
  }
}
