package sluice.agent.volume;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.agent.router.Gate;
import sluice.agent.router.Router;
import sluice.api.route.VolumeAccess;
import sluice.protocol.v1.Order;

/**
 * Does with a volume what the server wants, while its users go on: stands still for a recall (invariant 3), goes over to new
 * layouts (invariant 2), keeps out of a recovery's window (invariant 5). Requests wait meanwhile; none fails.
 *
 * <p>Of the orders of the server's present run the newest number is followed, as soon as the layout it is meant for is in force.
 * When the server starts anew, what was ordered last stays until its new run says otherwise: whether the change that it was for
 * was committed is not known before. On the volume's loop.
 */
final class VolumeOrders {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeOrders.class);

  private final Router router;
  private final VolumeRoutes routes;
  private final Runnable changed;
  /** What is in force. */
  private VolumeAccess access;
  /** What shall be. */
  private VolumeAccess wanted;
  private boolean changing;
  private long run;
  /** Of this run; null: none yet. */
  private Order newest;
  private Order followed;
  private Order inForce = Order.getDefaultInstance();

  /** @param changed what the status says is different */
  VolumeOrders(Router router, VolumeRoutes routes, VolumeAccess access, Runnable changed) {
    this.router = router;
    this.routes = routes;
    this.access = access;
    this.wanted = access;
    this.changed = changed;
    router.preserving(access.layout());
    // The last run of this agent may have left changes unfinished (invariant 4).
    if (mirrored()) router.closeGate(Gate.Cause.WITHHELD, "the server has not said yet that it may be used");
  }

  private boolean mirrored() {
    return access.layout().legs().size() > 1;
  }

  /** Of the layout in force. */
  long epoch() {
    return access.layout().epoch();
  }

  /** The newest one in force; of run and number 0 if there was none. */
  Order inForce() {
    return inForce;
  }

  /** The server's run by its newest Welcome. */
  void run(long value) {
    if (value == run) return;
    run = value;
    newest = null;
  }

  /** In any order, any number of times. */
  void order(Order order) {
    boolean newer = newest == null || Long.compareUnsigned(order.getNumber(), newest.getNumber()) > 0;
    if (order.getRun() != run || !newer) return;
    newest = order;
    step();
  }

  /** The volume as the server describes it now. */
  void access(VolumeAccess next) {
    wanted = next;
    step();
  }

  private void step() {
    if (changing) return;
    if (wanted.layout().epoch() != epoch() || wanted.slot() != access.slot()) {
      change();
      return;
    }
    if (wanted != access) {
      routes.access(wanted);
      access = wanted;
      router.preserving(access.layout());
    }
    follow();
    router.openGate(Gate.Cause.LAYOUT);
  }

  // ---- layouts

  private void change() {
    changing = true;
    LOG.info("volume {}: from epoch {} to {}", access.name(), epoch(), wanted.layout().epoch());
    router.closeGate(Gate.Cause.LAYOUT, "it is going over to epoch " + wanted.layout().epoch());
    router.direct().drained(this::givenUp).thenAccept(nothing -> {
      VolumeAccess next = wanted;
      router.resized(next.layout().size());
      routes.relayout(next).whenComplete((done, failure) -> {
        access = next;
        router.preserving(next.layout());
        changing = false;
        router.direct().relaidOut();
        step();
        changed.run();
      });
    });
  }

  /** What hangs on these disks does not count any more. */
  private Set<String> givenUp() {
    Set<String> disks = new HashSet<>(access.layout().disks());
    wanted.layout().disks().forEach(disks::remove);
    return disks;
  }

  // ---- orders

  private void follow() {
    if (newest == null || newest.getEpoch() < epoch()) {
      // Nobody recalls a volume of one leg for what it was when it had more.
      if (!mirrored() && followed != null && followed.getEpoch() < epoch()) letGo();
      if (newest == null || !mirrored()) return;
    }
    if (newest == followed || newest.getEpoch() > epoch()) return;
    Order order = newest;
    followed = order;
    LOG.info("volume {}: order {} of epoch {}:{}{} window {} to {}", access.name(), order.getNumber(), order.getEpoch(),
        order.getStandStill() ? " stand still," : "", order.getWithheld() ? " withheld," : "", order.getWindowStartBytes(),
        order.getWindowEndBytes());
    CompletionStage<Void> clear = router.direct().window(order.getWindowStartBytes(), order.getWindowEndBytes());
    CompletionStage<Void> still = CompletableFuture.completedFuture(null);
    if (order.getWithheld()) router.closeGate(Gate.Cause.WITHHELD, "what this host's last run left unfinished is being reconciled");
    if (order.getStandStill()) still = router.standStill("the server is changing the volume");
    if (!order.getWithheld()) router.openGate(Gate.Cause.WITHHELD);
    if (!order.getStandStill()) router.openGate(Gate.Cause.QUIESCE);
    // Behind a closed gate what touches the window may hang for as long as the recall lasts. Nothing is copied meanwhile, and the
    // order to go on names the window anew.
    (order.getStandStill() ? still : clear).thenAccept(nothing -> comesIntoForce(order));
  }

  private void comesIntoForce(Order order) {
    if (order != followed) return;
    inForce = order;
    changed.run();
  }

  private void letGo() {
    followed = null;
    router.direct().window(0, 0);
    router.openGate(Gate.Cause.WITHHELD);
    router.openGate(Gate.Cause.QUIESCE);
  }
}
