package sluice.api.route;

/**
 * What a route knows of itself without trying.
 *
 * @param usable whether it has everything it needs open
 * @param reason if not, why, for people ("disk d3: connection refused by 127.0.0.1:10809")
 */
public record RouteHealth(boolean usable, String reason) {
  public static final RouteHealth GOOD = new RouteHealth(true, "");
}
