package sluice.agent.serverroute;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;
import sluice.api.security.TlsIdentity;

/** Carries volumes through the server, as the host that this machine's identity proves. */
@Component(service = RouteProvider.class)
public final class ServerRouteProvider implements RouteProvider {
  private static final Logger LOG = LoggerFactory.getLogger(ServerRouteProvider.class);
  /** The router has closed its routes before; this is for a router that did not come to it. */
  private static final long DEACTIVATE_SECONDS = 3;

  private final TlsIdentity identity;
  private final AtomicBoolean rehearsed = new AtomicBoolean();
  private final Set<ServerRoute> routes = ConcurrentHashMap.newKeySet();

  @Activate
  public ServerRouteProvider(@Reference TlsIdentity identity) {
    this.identity = identity;
  }

  @Override
  public RouteKind kind() {
    return RouteKind.SERVER;
  }

  @Override
  public CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener) {
    Rehearsed told = new Rehearsed(listener);
    ServerRoute route = new ServerRoute(access, loop, told, new NbdLinkOpener(access, loop, identity), routes::remove);
    told.route = route;
    routes.add(route);
    loop.execute(route::start);
    return CompletableFuture.completedFuture(route);
  }

  /** Rehearses the first route that can be used, and passes on what the route says. */
  private final class Rehearsed implements RouteListener {
    private final RouteListener listener;
    private ServerRoute route;

    Rehearsed(RouteListener listener) {
      this.listener = listener;
    }

    @Override
    public void healthChanged(RouteHealth health) {
      listener.healthChanged(health);
      if (health.usable() && rehearsed.compareAndSet(false, true)) new Rehearsal(route).start();
    }

    @Override
    public void probed(int error, String reason) {
      listener.probed(error, reason);
    }
  }

  /** Closes what is still open, and waits a little for it: classes of a bundle that is updated are not there any more. */
  @Deactivate
  public void deactivate() {
    CompletableFuture<?>[] closing =
        routes.stream().map(r -> r.close().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(closing).get(DEACTIVATE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("{} server routes are still awaiting the server", routes.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
