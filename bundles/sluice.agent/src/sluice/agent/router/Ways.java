package sluice.agent.router;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteKind;
import sluice.core.redirect.RedirectPolicy;

/**
 * A router's routes, and the policy that picks one: feeds it with what happens, starts its probes, keeps its one timer.
 *
 * <p>What follows of a new state is done a turn of the loop later, so that requests which fail in a row change it once.
 */
final class Ways {
  private static final Logger LOG = LoggerFactory.getLogger(Ways.class);
  static final int DIRECT = RouteKind.DIRECT.ordinal();
  static final int SERVER = RouteKind.SERVER.ordinal();
  static final int NONE = -1;

  private final String name;
  private final IoLoop loop;
  private final RedirectPolicy policy;
  private final RouterListener listener;
  /** Called when the state is another one and not WAITING. */
  private final Runnable better;
  private final Route[] routes = new Route[2];
  private final Runnable settle = this::settle;
  private final Runnable woken = this::woken;
  private RedirectPolicy.State known = RedirectPolicy.State.WAITING;
  private boolean looking;
  private IoLoop.Timer timer;
  private boolean stopped;

  Ways(String name, IoLoop loop, RedirectPolicy policy, RouterListener listener, Runnable better) {
    this.name = name;
    this.loop = loop;
    this.policy = policy;
    this.listener = listener;
    this.better = better;
  }

  void offer(Route route) {
    routes[route.kind().ordinal()] = route;
    policy.offered(loop.nanoTime(), route.kind(), route.health().usable(), route.health().reason());
    look();
  }

  CompletionStage<Void> withdraw(RouteKind kind, String reason) {
    Route route = routes[kind.ordinal()];
    routes[kind.ordinal()] = null;
    policy.withdrawn(loop.nanoTime(), kind, reason);
    look();
    return route == null ? CompletableFuture.completedFuture(null) : route.close();
  }

  void health(Route route) {
    if (!current(route)) return;
    policy.health(loop.nanoTime(), route.kind(), route.health().usable(), route.health().reason());
    look();
  }

  void probed(Route route, int error) {
    if (route.kind() != RouteKind.DIRECT || !current(route)) return;
    policy.probed(loop.nanoTime(), error == IoError.OK);
    look();
  }

  boolean current(Route route) {
    return routes[route.kind().ordinal()] == route;
  }

  Route route(int way) {
    return routes[way];
  }

  boolean usable(int way) {
    return routes[way] != null && routes[way].health().usable();
  }

  RedirectPolicy policy() {
    return policy;
  }

  /** The way for a request that has met these errors by each way, or {@link #NONE}. */
  int choose(int[] errors) {
    RedirectPolicy.State state = policy.state();
    if (state == RedirectPolicy.State.WAITING) return NONE;
    int way = state == RedirectPolicy.State.DIRECT ? DIRECT : SERVER;
    int other = 1 - way;
    return errors[way] != IoError.OK && errors[other] == IoError.OK && usable(other) ? other : way;
  }

  /** A request ended well. */
  void worked(int way) {
    if (policy.state() == RedirectPolicy.State.DIRECT) return;
    if (way == DIRECT) policy.directWorked(loop.nanoTime());
    else policy.serverWorked(loop.nanoTime());
    look();
  }

  /** A request failed, or has not ended in time (ETIMEDOUT). A route that was taken away fails through no fault of the way. */
  void failed(Route by, BlockOp op, int error, String what) {
    if (!current(by)) return;
    if (by.kind() == RouteKind.DIRECT) {
      String reason = blame(by, what, op);
      if (error == IoError.ETIMEDOUT) policy.directSlow(loop.nanoTime(), reason);
      else policy.directFailed(loop.nanoTime(), reason);
    } else if (error != IoError.EIO && error != IoError.ESHUTDOWN && error != IoError.ETIMEDOUT) {
      // What the server says of the disk, that it fails or is away, is no fault of the route to the server.
      policy.serverFailed(loop.nanoTime(), blame(by, what, op));
    }
    look();
  }

  private static String blame(Route by, String what, BlockOp op) {
    String part = by.failedPart();
    String on = switch (op) {
      case READ -> "a read";
      case WRITE -> "a write";
      case FLUSH -> "a flush";
      case TRIM -> "a trim";
      case WRITE_ZEROES -> "a write of zeroes";
      case CACHE -> "a read ahead";
    };
    if (part.isEmpty() && by.kind() == RouteKind.SERVER) part = "the server route";
    return (part.isEmpty() ? "" : part + ": ") + what + " on " + on;
  }

  private void look() {
    if (looking || stopped) return;
    looking = true;
    loop.execute(settle);
  }

  private void woken() {
    timer = null;
    settle();
  }

  private void settle() {
    looking = false;
    if (stopped) return;
    policy.tick(loop.nanoTime());
    if (policy.takeProbe(loop.nanoTime())) routes[DIRECT].probe();
    tell();
    if (timer != null) timer.cancel();
    long delay = policy.delayNanos(loop.nanoTime());
    timer = delay == RedirectPolicy.NEVER || stopped ? null : loop.schedule(delay, woken);
  }

  private void tell() {
    RedirectPolicy.State state = policy.state();
    if (state == known) return;
    known = state;
    String reason = policy.reason(loop.nanoTime());
    if (state == RedirectPolicy.State.DIRECT) LOG.info("volume {}: direct", name);
    else LOG.warn("volume {}: {}: {}", name, state, reason);
    listener.stateChanged(state, reason);
    if (state != RedirectPolicy.State.WAITING) better.run();
  }

  /** Nothing is under way any more: closes what is there. */
  CompletionStage<Void> close() {
    stopped = true;
    if (timer != null) timer.cancel();
    timer = null;
    return close(DIRECT).thenCombine(close(SERVER), (a, b) -> null);
  }

  private CompletionStage<Void> close(int way) {
    Route route = routes[way];
    routes[way] = null;
    return route == null ? CompletableFuture.completedFuture(null) : route.close();
  }
}
