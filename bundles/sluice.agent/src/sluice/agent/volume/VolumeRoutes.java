package sluice.agent.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private final Runnable linesChanged;
  private final RouteProvider[] providers = new RouteProvider[RouteKind.values().length];
  /** Grows with each opening, so that one which was overtaken is noticed when it comes. */
  private final int[] opening = new int[RouteKind.values().length];
  private final boolean[] busyOpening = new boolean[RouteKind.values().length];
  private VolumeAccess access;
  private boolean closing;

  /** @param linesChanged the server may have to be told of a line */
  VolumeRoutes(IoLoop loop, Router router, VolumeAccess access, Runnable linesChanged) {
    this.linesChanged = linesChanged;
    this.loop = loop;
    this.router = router;
    this.access = access;
  }

  /** On the loop: the volume is reached in another way under the same layout: routes whose way it concerns are opened anew. */
  void access(VolumeAccess changed) {
    boolean ways = changed.layout().disks().stream().anyMatch(d -> !Objects.equals(changed.ways().get(d), access.ways().get(d)));
    VolumeAccess before = access;
    access = changed;
    if (ways) reopen(RouteKind.DIRECT, "this host's ways to the disks have changed");
    serversChanged(before);
  }

  private void serversChanged(VolumeAccess before) {
    if (!access.servers().equals(before.servers())) reopen(RouteKind.SERVER, "the server's addresses have changed");
    else if (access.layout().size() != before.layout().size()) reopen(RouteKind.SERVER, "the volume's size has changed");
  }

  /**
   * On the loop, with nothing under way by the direct way that the new layout does not give up: the direct route goes on under that
   * layout; if it cannot, it is opened anew. The server route does not care. The stage does not fail.
   */
  CompletionStage<Void> relayout(VolumeAccess next) {
    VolumeAccess before = access;
    access = next;
    serversChanged(before);
    // What is being opened is so under the old layout.
    boolean overtaken = busyOpening[RouteKind.DIRECT.ordinal()];
    if (overtaken) open(providers[RouteKind.DIRECT.ordinal()]);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (Route route : router.direct().routes()) {
      all.add(route.relayout(next).handle((nothing, failure) -> {
        boolean current = router.uses(route);
        if (failure != null && current) reopen(RouteKind.DIRECT, "the volume lies under another layout");
        return (Void) null;
      }).toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
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
      busyOpening[kind.ordinal()] = false;
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
    busyOpening[kind] = true;
    Opened opened = new Opened();
    CompletionStage<Route> stage;
    try {
      stage = provider.open(access, loop, opened);
    } catch (RuntimeException e) {
      // A service of a bundle that stops this very moment.
      busyOpening[kind] = false;
      LOG.warn("volume {}: no {}: {}", access.name(), name(provider.kind()), e.toString());
      return;
    }
    stage.whenComplete((route, failure) -> loop.execute(() -> {
      if (mine == opening[kind]) busyOpening[kind] = false;
      if (failure != null) {
        LOG.warn("volume {}: no {}: {}", access.name(), name(provider.kind()), failure.toString());
      } else if (closing || mine != opening[kind]) {
        route.close();
      } else {
        opened.route = route;
        router.offer(route);
        if (!route.lines().isEmpty()) linesChanged.run();
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
      if (route == null) return;
      router.health(route);
      if (!route.lines().isEmpty()) linesChanged.run();
    }

    @Override
    public void probed(int error, String reason) {
      if (route != null) router.probed(route, error);
    }
  }
}
