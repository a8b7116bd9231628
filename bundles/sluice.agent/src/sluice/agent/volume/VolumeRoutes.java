package sluice.agent.volume;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.agent.router.Router;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;

/**
 * Opens a volume's routes with the providers that are there, and takes them from its router when a provider goes. Callable on any
 * thread; acts on the volume's loop, in order. At most one route of each kind is being opened or in use.
 */
final class VolumeRoutes implements RouteProviders.User {
  private static final Logger LOG = LoggerFactory.getLogger(VolumeRoutes.class);

  private final IoLoop loop;
  private final Router router;
  private final RouteProvider[] providers = new RouteProvider[RouteKind.values().length];
  /** Grows with each opening, so that one which was overtaken is noticed when it comes. */
  private final int[] opening = new int[RouteKind.values().length];
  private VolumeAccess access;
  private boolean closing;

  VolumeRoutes(IoLoop loop, Router router, VolumeAccess access) {
    this.loop = loop;
    this.router = router;
    this.access = access;
  }

  /** The volume is reached in another way now: routes whose way it concerns are opened anew. */
  void access(VolumeAccess changed) {
    loop.execute(() -> {
      boolean ways = !changed.ways().equals(access.ways());
      boolean servers = !changed.servers().equals(access.servers());
      access = changed;
      if (ways) reopen(RouteKind.DIRECT, "this host's ways to the disks have changed");
      if (servers) reopen(RouteKind.SERVER, "the server's addresses have changed");
    });
  }

  private void reopen(RouteKind kind, String why) {
    RouteProvider provider = providers[kind.ordinal()];
    if (provider == null || closing) return;
    router.withdraw(kind, why);
    open(provider);
  }

  @Override
  public void use(RouteProvider provider) {
    loop.execute(() -> {
      int kind = provider.kind().ordinal();
      if (closing || providers[kind] == provider) return;
      if (providers[kind] != null) router.withdraw(provider.kind(), "the " + name(provider.kind()) + " bundle is being exchanged");
      providers[kind] = provider;
      open(provider);
    });
  }

  @Override
  public CompletionStage<Void> stop(RouteKind kind) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    loop.execute(() -> {
      providers[kind.ordinal()] = null;
      opening[kind.ordinal()]++;
      router.withdraw(kind, "the " + name(kind) + " bundle was stopped").whenComplete((nothing, failure) -> stopped.complete(null));
    });
    return stopped;
  }

  static String name(RouteKind kind) {
    return kind == RouteKind.DIRECT ? "direct-route" : "server-route";
  }

  private void open(RouteProvider provider) {
    int kind = provider.kind().ordinal();
    int mine = ++opening[kind];
    Opened opened = new Opened();
    CompletionStage<Route> stage;
    try {
      stage = provider.open(access, loop, opened);
    } catch (RuntimeException e) {
      // A service of a bundle that stops this very moment.
      LOG.warn("volume {}: no {}: {}", access.name(), name(provider.kind()), e.toString());
      return;
    }
    stage.whenComplete((route, failure) -> loop.execute(() -> {
      if (failure != null) {
        LOG.warn("volume {}: no {}: {}", access.name(), name(provider.kind()), failure.toString());
      } else if (closing || mine != opening[kind]) {
        route.close();
      } else {
        opened.route = route;
        router.offer(route);
      }
    }));
  }

  /** On the loop: no route is opened any more. Those that the router has are the router's to close. */
  void close() {
    closing = true;
  }

  /** What a route says, once it is known which route it is. */
  private final class Opened implements RouteListener {
    private Route route;

    @Override
    public void healthChanged(RouteHealth health) {
      if (route != null) router.health(route);
    }

    @Override
    public void probed(int error, String reason) {
      if (route != null) router.probed(route, error);
    }
  }
}
