package sluice.agent.serverroute;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoLoop;
import sluice.api.route.Route;
import sluice.api.route.RouteKind;
import sluice.api.route.RouteListener;
import sluice.api.route.RouteProvider;
import sluice.api.route.VolumeAccess;
import sluice.testkit.net.RouteLink;

/** The simulator's door to this package: the production server route over virtual connections. */
public final class SimulatedServerRoutes implements RouteProvider {
  /** Makes connections. */
  public interface Opener {
    CompletionStage<RouteLink> open(VolumeAccess access);
  }

  private final Opener opener;

  public SimulatedServerRoutes(Opener opener) {
    this.opener = opener;
  }

  @Override
  public RouteKind kind() {
    return RouteKind.SERVER;
  }

  @Override
  public CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener) {
    LinkOpener links = new LinkOpener() {
      @Override
      public CompletionStage<ServerLink> open(InetSocketAddress address, long generation) {
        return opener.open(access).thenApply(Link::new);
      }
    };
    ServerRoute route = new ServerRoute(access, loop, listener, links, closed -> {});
    loop.execute(route::start);
    return CompletableFuture.completedFuture(route);
  }

  private record Link(RouteLink link) implements ServerLink {
    @Override
    public void submit(BlockRequest request) {
      link.submit(request);
    }

    @Override
    public void status(long offset, long length, StatusSink sink) {
      link.status(offset, length, sink);
    }

    @Override
    public void abandonReads() {
      link.abandonReads();
    }

    @Override
    public void peerFenced() {
      link.peerFenced();
    }

    @Override
    public void onDisconnect(Consumer<String> listener) {
      link.onDisconnect(listener);
    }

    @Override
    public CompletionStage<Void> close() {
      return link.close();
    }
  }
}
