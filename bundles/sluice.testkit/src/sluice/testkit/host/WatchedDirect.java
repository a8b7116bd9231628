package sluice.testkit.host;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;

/** Direct routes that tell the checkers of each change that goes by them. */
final class WatchedDirect implements RouteProvider {
  private final RouteProvider target;
  private final Rig rig;
  private final String hostId;
  private final Consumer<VolumeAccess> layout;

  /** @param layout told of each layout that the route is to go by from then on */
  WatchedDirect(RouteProvider target, Rig rig, String hostId, Consumer<VolumeAccess> layout) {
    this.layout = layout;
    this.target = target;
    this.rig = rig;
    this.hostId = hostId;
  }

  @Override
  public RouteKind kind() {
    return RouteKind.DIRECT;
  }

  @Override
  public CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener) {
    layout.accept(access);
    return target.open(access, loop, listener).thenApply(route -> new Watched(route, access.volumeId()));
  }

  private final class Watched implements Route {
    private final Route route;
    private final String volumeId;

    Watched(Route route, String volumeId) {
      this.route = route;
      this.volumeId = volumeId;
    }

    @Override
    public void submit(BlockRequest request) {
      if (request.op.changesData() && route.health().usable()) new Change(request).submit();
      else route.submit(request);
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

    /** A change on its way. */
    private final class Change extends BlockRequest {
      private final BlockRequest of;
      private final Checks.Direct seen;

      Change(BlockRequest of) {
        this.of = of;
        set(of.op, of.flags, of.offset, of.length);
        IoBuffer same = of.buffer;
        buffer = same;
        bufferIndex = of.bufferIndex;
        seen = rig.checks().changing(hostId, volumeId, offset, end());
      }

      void submit() {
        route.submit(this);
      }

      @Override
      public void completed(int error) {
        rig.checks().changed(volumeId, seen);
        of.completed(error);
      }
    }
  }
}
