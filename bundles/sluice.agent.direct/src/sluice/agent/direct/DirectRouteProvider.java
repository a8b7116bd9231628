package sluice.agent.direct;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;

/** Carries volumes by the direct way, with whatever can open disks here. */
@Component(service = RouteProvider.class)
public final class DirectRouteProvider implements RouteProvider {
  private static final Logger LOG = LoggerFactory.getLogger(DirectRouteProvider.class);
  /** The router has closed its routes before; this is for a router that did not come to it. */
  private static final long DEACTIVATE_SECONDS = 3;

  private final List<DiskOpener> openers = new CopyOnWriteArrayList<>();
  private final Set<DirectRoute> routes = ConcurrentHashMap.newKeySet();

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addOpener(DiskOpener opener) {
    openers.add(opener);
  }

  /** Disks that it has opened stay open. */
  public void removeOpener(DiskOpener opener) {
    openers.remove(opener);
  }

  @Override
  public RouteKind kind() {
    return RouteKind.DIRECT;
  }

  @Override
  public CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener) {
    DirectRoute route = new DirectRoute(access, loop, listener, openers, routes::remove);
    routes.add(route);
    loop.execute(route::start);
    return CompletableFuture.completedFuture(route);
  }

  /** Closes what is still open, and waits a little for it: classes of a bundle that is updated are not there any more. */
  @Deactivate
  public void deactivate() {
    CompletableFuture<?>[] closing =
        routes.stream().map(r -> r.close().toCompletableFuture()).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(closing).get(DEACTIVATE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("{} direct routes are still awaiting their disks", routes.size());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
