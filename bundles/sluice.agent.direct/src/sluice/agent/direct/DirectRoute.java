package sluice.agent.direct;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.VolumeAccess;
import sluice.io.device.LayoutDevice;

/**
 * A volume straight on its disks. Usable while every disk of the layout is open and has shown the right label; a disk that
 * closes is opened again, with pauses that grow, for as long as the route is open.
 */
final class DirectRoute implements Route {
  private static final Logger LOG = LoggerFactory.getLogger(DirectRoute.class);
  /** What the router offers above, whatever the disks could do. */
  static final int ALIGNMENT = 4096;

  private final VolumeAccess access;
  private final IoLoop loop;
  private final RouteListener listener;
  private final Consumer<DirectRoute> whenClosed;
  private final DiskSlot[] slots;
  private final Prober prober;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private RouteHealth health = new RouteHealth(false, "its disks are being opened");
  private BlockDevice layout;
  private String failedPart = "";
  private boolean closing;

  DirectRoute(VolumeAccess access, IoLoop loop, RouteListener listener, List<DiskOpener> openers,
      Consumer<DirectRoute> whenClosed) {
    this.access = access;
    this.loop = loop;
    this.listener = listener;
    this.whenClosed = whenClosed;
    slots = access.layout().disks().stream()
        .map(id -> new DiskSlot(this, id, new DiskFinder(access, id, loop, openers)))
        .toArray(DiskSlot[]::new);
    prober = new Prober(loop, slots, listener::probed);
  }

  void start() {
    if (closing) return;
    for (DiskSlot slot : slots) slot.open();
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

  /** A slot has found its disk or lost it. */
  void slotChanged() {
    if (closing) return;
    RouteHealth now = look();
    if (now.equals(health)) return;
    health = now;
    LOG.info("volume {}: direct route {}", access.name(), now.usable() ? "is open" : "is not usable: " + now.reason());
    listener.healthChanged(now);
  }

  private RouteHealth look() {
    for (DiskSlot slot : slots) if (!slot.isOpen()) return new RouteHealth(false, slot.reason());
    if (layout != null) return RouteHealth.GOOD;
    try {
      layout = new LayoutDevice(loop, access.layout(), slots);
      return RouteHealth.GOOD;
    } catch (IllegalArgumentException e) {
      return new RouteHealth(false, "the layout does not fit its disks: " + e.getMessage());
    }
  }

  void slotFailed(DiskSlot slot) {
    failedPart = slot.label();
  }

  @Override
  public void submit(BlockRequest request) {
    if (closing) request.completed(IoError.ESHUTDOWN);
    else if (layout == null) request.completed(IoError.ENXIO);
    else layout.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (closing || layout == null) sink.completed(closing ? IoError.ESHUTDOWN : IoError.ENXIO);
    else layout.status(offset, length, sink);
  }

  @Override
  public void probe() {
    if (closing) return;
    if (health.usable()) prober.start();
    else listener.probed(IoError.ENXIO, health.reason());
  }

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
    CompletionStage<Void> drained = layout == null ? CompletableFuture.completedFuture(null) : layout.close();
    drained.thenCompose(nothing -> closeSlots()).whenComplete((nothing, failure) -> {
      whenClosed.accept(this);
      closed.complete(null);
    });
  }

  private CompletionStage<Void> closeSlots() {
    CompletableFuture<?>[] stages = new CompletableFuture<?>[slots.length];
    for (int i = 0; i < slots.length; i++) stages[i] = slots[i].close().toCompletableFuture();
    return CompletableFuture.allOf(stages);
  }
}
