package sluice.api.route;

/** The ways a host can reach a volume. */
public enum RouteKind {
  /** By the layout, straight to the disks. */
  DIRECT,
  /** Through a server. */
  SERVER
}
