package sluice.agent.fake;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;

/** Gives routes onto one byte array. */
public final class FakeProvider implements RouteProvider {
  private final RouteKind kind;
  private final byte[] medium;
  public final List<VolumeAccess> opened = new CopyOnWriteArrayList<>();
  public final List<FakeRoute> routes = new CopyOnWriteArrayList<>();

  private volatile int failing;
  private volatile String failingPart = "";

  public FakeProvider(RouteKind kind, byte[] medium) {
    this.kind = kind;
    this.medium = medium;
  }

  /**
   * From now on every request ends with the error, by the routes that there are and by those that will be. Waits for the loops:
   * one may serve a socket before a task that came earlier.
   */
  public void fail(int error, String part) {
    failing = error;
    failingPart = part;
    for (FakeRoute route : routes) CompletableFuture.runAsync(() -> failing(route), route.loop()).join();
  }

  private void failing(FakeRoute route) {
    route.error = failing;
    route.part = failingPart;
  }

  @Override
  public RouteKind kind() {
    return kind;
  }

  @Override
  public CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener) {
    FakeRoute route = new FakeRoute(kind, loop, medium);
    route.onHealth = r -> listener.healthChanged(r.health());
    opened.add(access);
    if (failing != 0) failing(route);
    routes.add(route);
    return CompletableFuture.completedFuture(route);
  }
}
