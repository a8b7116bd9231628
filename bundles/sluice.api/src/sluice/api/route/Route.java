package sluice.api.route;

import sluice.api.block.BlockDevice;

/** One volume by one way. */
public interface Route extends BlockDevice {
  RouteKind kind();

  /** On the loop. */
  RouteHealth health();

  /**
   * On the loop, while a request is being completed with an error: which part of the way failed, for people ("disk d3");
   * empty if the route has only one part.
   */
  default String failedPart() {
    return "";
  }

  /**
   * On the loop: is the whole way good, now? Reads a little from everything the route depends on (each disk of the
   * layout; the server) and calls the listener's {@link RouteListener#probed} once, with 0 or an error.
   */
  void probe();
}
