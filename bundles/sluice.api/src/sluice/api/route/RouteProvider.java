package sluice.api.route;

import java.util.concurrent.CompletionStage;
import sluice.api.block.IoLoop;

/** A bundle that can carry I/O; a dynamic service. When it goes, the router has stopped using its routes before. */
public interface RouteProvider {
  RouteKind kind();

  /**
   * Any thread: opens a route; never blocks. The route may be open though nothing can be reached at the moment: it
   * then says so ({@link Route#health}) and its requests end with ENXIO at once, until it has found a way.
   */
  CompletionStage<Route> open(VolumeAccess access, IoLoop loop, RouteListener listener);
}
