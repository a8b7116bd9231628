package sluice.agent.router;

import sluice.api.block.BlockRequest;
import sluice.api.route.Route;

/** One try of a request by one route; pooled. It outlives its request if the router stopped waiting for it (a read). */
final class Attempt extends BlockRequest {
  private final Router router;
  /** Null once the router has stopped waiting: the buffer is then the attempt's own. */
  RoutedIo io;
  int way;
  Route route;
  /** How many changes this way had completed when the attempt was sent: what a FLUSH makes stable. */
  long mark;
  /** For {@link DirectWork}: whether it counts there, is past its deadline, and which window it holds up (0: none). */
  boolean counted;
  boolean late;
  int window;
  Attempt nextFree;

  Attempt(Router router) {
    this.router = router;
  }

  @Override
  public void completed(int error) {
    router.ended(this, error);
  }
}
