package sluice.testkit.host;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;
import sluice.api.route.DiskLine;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;

/** Direct routes of which it is known by which layout they go. */
final class WatchedDirect implements RouteProvider {
  private final RouteProvider target;
  private final Rig rig;
  private final Consumer<VolumeAccess> layout;

  /** @param layout told of each layout that the route is to go by from then on */
  WatchedDirect(RouteProvider target, Rig rig, Consumer<VolumeAccess> layout) {
    this.layout = layout;
    this.target = target;
    this.rig = rig;
  }

  @Override
  public RouteKind kind() {
    return RouteKind.DIRECT;
  }

  @Override
  public CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener) {
    layout.accept(access);
    return target.open(access, loop, listener).thenApply(route -> new Watched(route));
  }

  private final class Watched implements Route {
    private final Route route;

    Watched(Route route) {
      this.route = route;
    }

    @Override
    public void submit(BlockRequest request) {
      route.submit(request);
    }

    @Override
    public RouteKind kind() {
      return route.kind();
    }

    @Override
    public RouteHealth health() {
      return route.health();
    }

    @Override
    public String failedPart() {
      return route.failedPart();
    }

    @Override
    public void probe() {
      route.probe();
    }

    @Override
    public boolean takes(BlockRequest request) {
      return route.takes(request);
    }

    @Override
    public void window(long start, long end) {
      route.window(start, end);
    }

    @Override
    public CompletionStage<Void> relayout(VolumeAccess next) {
      if (rig.has(Flaw.KEEPS_OLD_LAYOUT)) {
        route.quiet(false);
        return CompletableFuture.completedFuture(null);
      }
      layout.accept(next);
      return route.relayout(next);
    }

    @Override
    public List<DiskLine> lines() {
      return route.lines();
    }

    @Override
    public void proofs(long run, List<DiskLine> proved) {
      route.proofs(run, proved);
    }

    @Override
    public void lapsed(boolean on) {
      route.lapsed(on);
    }

    @Override
    public void cut() {
      if (!rig.has(Flaw.LETS_WRITES_OUTLIVE_THE_LEASE)) route.cut();
    }

    @Override
    public void quiet(boolean on) {
      route.quiet(on);
    }

    @Override
    public Set<String> busyDisks() {
      return route.busyDisks();
    }

    @Override
    public Set<String> formerDisks() {
      return route.formerDisks();
    }

    @Override
    public Set<String> lostDisks() {
      return route.lostDisks();
    }

    @Override
    public IoLoop loop() {
      return route.loop();
    }

    @Override
    public BlockTraits traits() {
      return route.traits();
    }

    @Override
    public void status(long offset, long length, StatusSink sink) {
      route.status(offset, length, sink);
    }

    @Override
    public CompletionStage<Void> close() {
      return route.close();
    }
  }
}
