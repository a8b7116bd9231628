package sluice.agent.volume;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.agent.router.Gate;
import sluice.agent.router.Router;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.api.route.VolumeAccess;
import sluice.core.redirect.RedirectPolicy;
import sluice.io.device.AlignedDevice;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.VolumeStatus;

/**
 * A volume that this host holds: routes, router, any byte range, NBD export. Its methods are the control thread's, unless they
 * say otherwise.
 */
final class AttachedVolume {
  private static final Logger LOG = LoggerFactory.getLogger(AttachedVolume.class);
  /** What every route can do, so that the export never has to change. */
  private static final int ALIGNMENT = 4096;
  /** How long a detach waits for requests that wait for a way, before it fails them. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final VolumeSettings settings;
  private final RouteProviders providers;
  private final IoLoop loop;
  private final Runnable changed;
  private final VolumeCounters counters;
  private final Router router;
  private final VolumeRoutes routes;
  private final VolumeOrders orders;
  private final BlockDevice device;
  private final VolumeExport export;
  private volatile VolumeAccess access;
  private volatile String exportProblem = "";
  private volatile VolumeStatus status;
  /** From there on this host needs nothing, by its own word; 0: it has given none. */
  private volatile long agreedBytes;
  private RedirectPolicy.State known = RedirectPolicy.State.WAITING;
  private long sinceMs = System.currentTimeMillis();
  private volatile CompletionStage<Void> closed;

  /** @param changed called on the volume's loop whenever the status is worth telling at once */
  AttachedVolume(VolumeSettings settings, RouteProviders providers, IoLoop loop, VolumeAccess access, Runnable changed) {
    this.settings = settings;
    this.providers = providers;
    this.loop = loop;
    this.access = access;
    this.changed = changed;
    counters = new VolumeCounters(settings.metrics(), access.volumeId(), access.name(), this::stateChanged);
    BlockTraits traits =
        new BlockTraits(access.layout().size(), ALIGNMENT, ALIGNMENT, access.readOnly(), true, true, false);
    router = new Router(access.name(), loop, traits, settings.times(), new RedirectPolicy(settings.redirect(), loop.nanoTime()),
        counters);
    routes = new VolumeRoutes(loop, router, access, this::stateChanged);
    orders = new VolumeOrders(router, routes, access, this::stateChanged);
    device = AlignedDevice.of(router);
    export = new VolumeExport(settings.folder(), access.volumeId(), access.name(), device, access.readOnly());
    status = base(true).setRoute(VolumeStatus.Route.WAITING).setReason("opening").setSinceMs(sinceMs).build();
    settings.metrics().gauge("sluice_agent_volume_route", "Which way requests go: 1 direct, 2 server, 3 waiting",
        () -> status.getRoute().getNumber(), VolumeCounters.LABEL, access.volumeId());
  }

  /** As the server last described it; that may not be in force yet. */
  VolumeAccess access() {
    return access;
  }

  /** @param tcpPort -1 for none */
  void open(int tcpPort) {
    providers.join(routes);
    export.open(tcpPort).whenComplete((nothing, failure) -> {
      if (failure != null) {
        exportProblem = Failures.text(failure);
        LOG.error("volume {} ({}): {}", access.name(), access.volumeId(), exportProblem);
      } else {
        LOG.info("volume {} ({}): exported at {} {}", access.name(), access.volumeId(), export.uri(), export.tcpUri());
      }
      refresh(true);
    });
  }

  /** The same volume, under another layout, reached or named differently. Its users notice nothing. */
  void update(VolumeAccess now) {
    if (now.equals(access)) return;
    if (!now.name().equals(access.name())) export.rename(now.name());
    // The word was given for a volume of another size.
    if (now.layout().size() != access.layout().size()) agreedBytes = 0;
    access = now;
    loop.execute(() -> orders.access(now));
    refresh(true);
  }

  /** The server's run by its newest Welcome. */
  void run(long run) {
    loop.execute(() -> orders.run(run));
  }

  /** Newer ones win, in whatever order they come. */
  void order(Order order) {
    loop.execute(() -> orders.order(order));
  }

  /** Any thread: whether requests may start, of a volume that several hosts hold. @param untilNanos of System.nanoTime */
  void leasedUntil(long untilNanos) {
    loop.execute(() -> router.leasedUntil(untilNanos));
  }

  /** Any thread: whether requests may start, moved on for as long as the agent runs. @param untilNanos of System.nanoTime */
  void awakeUntil(long untilNanos) {
    loop.execute(() -> router.awakeUntil(untilNanos));
  }

  /** Any thread: this host can do without what lies from there on; 0: it needs all of it (again). */
  void agreeShrink(long sizeBytes) {
    agreedBytes = sizeBytes;
    LOG.info("volume {} ({}): may become as small as {} bytes", access.name(), access.volumeId(), sizeBytes);
    refresh(true);
  }

  /** Any thread. */
  void refused(boolean value, String reason) {
    loop.execute(() -> {
      if (value) router.closeGate(Gate.Cause.REFUSED, reason);
      else router.openGate(Gate.Cause.REFUSED);
      publish();
    });
  }

  /** On the loop. */
  private void stateChanged() {
    publish();
    changed.run();
  }

  /** Any thread: the status is made anew, on the loop. */
  void refresh(boolean tell) {
    loop.execute(() -> {
      publish();
      if (tell) changed.run();
    });
  }

  private void publish() {
    if (closed != null && !status.getHeld()) return;
    RedirectPolicy.State state = router.state();
    if (state != known) {
      known = state;
      sinceMs = System.currentTimeMillis();
    }
    String reason = router.reason();
    if (!exportProblem.isEmpty()) reason = reason.isEmpty() ? exportProblem : exportProblem + "; " + reason;
    status = base(true)
        .setRoute(VolumeStatus.Route.valueOf(router.gateOpen() ? state.name() : RedirectPolicy.State.WAITING.name()))
        .setReason(reason)
        .setSinceMs(sinceMs)
        .setNbdUri(export.uri())
        .setNbdTcpUri(export.tcpUri())
        .setCounters(counters.message(router.inFlight(), router.inDoubt()))
        .setOrderRun(orders.inForce().getRun())
        .setOrderNumber(orders.inForce().getNumber())
        .setQuiesced(!router.gateOpen() && router.direct().quiesced())
        .addAllDoubtfulDiskIds(router.direct().doubtfulDisks())
        .setAgreedSizeBytes(agreedBytes)
        .addAllLines(orders.unproved())
        .build();
  }

  private VolumeStatus.Builder base(boolean held) {
    return VolumeStatus.newBuilder()
        .setVolumeId(access.volumeId())
        .setHostId(settings.hostId())
        .setHeld(held)
        .setEpoch(orders.epoch());
  }

  /** Any thread: as of the last change or refresh. */
  VolumeStatus status() {
    return status;
  }

  /**
   * Gives the volume up: no new requests, those under way are awaited however long they take (a change in doubt may still reach
   * a disk), the rest is closed. Then the status says that it is not held.
   */
  CompletionStage<Void> close() {
    if (closed != null) return closed;
    LOG.info("volume {} ({}): giving it up", access.name(), access.volumeId());
    CompletionStage<Void> drained = export.close();
    // The router, for the device above it waits for what waits at its gate.
    loop.schedule(DRAIN_NANOS, router::close);
    CompletableFuture<Void> done = new CompletableFuture<>();
    closed = done;
    drained.thenCompose(nothing -> device.close()).whenComplete((nothing, failure) -> {
      routes.close();
      providers.leave(routes);
      counters.forget();
      status = base(false).setRoute(VolumeStatus.Route.WAITING).setReason("given up").setSinceMs(System.currentTimeMillis()).build();
      LOG.info("volume {} ({}): given up", access.name(), access.volumeId());
      changed.run();
      done.complete(null);
    });
    return done;
  }

  /** On a thread that may block, after {@link #close}. */
  void remove() {
    export.remove();
  }
}
