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

  public FakeProvider(RouteKind kind, byte[] medium) {
    this.kind = kind;
    this.medium = medium;
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
    routes.add(route);
    return CompletableFuture.completedFuture(route);
  }
}
