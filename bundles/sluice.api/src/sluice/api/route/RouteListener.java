package sluice.api.route;

/** What a route tells whoever opened it; on the route's loop. */
public interface RouteListener {
  /** The route's health is now different. */
  void healthChanged(RouteHealth health);

  /** A probe has ended. */
  void probed(int error, String reason);
}
