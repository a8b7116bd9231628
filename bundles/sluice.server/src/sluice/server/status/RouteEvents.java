package sluice.server.status;

import sluice.protocol.v1.Severity;
import sluice.protocol.v1.VolumeStatus;

/**
 * Whether a volume's new status is an event, and in which words. Pure: one event for each change of route, none for a
 * reason that was only said differently.
 */
public final class RouteEvents {
  /** @param kind a stable word */
  public record RouteEvent(Severity severity, String kind, String text) {}

  private RouteEvents() {}

  /** @param before null if nothing was known; then only trouble is news */
  public static RouteEvent between(VolumeStatus before, VolumeStatus now, String volume, String host) {
    if (!now.getHeld() || now.getRoute() == VolumeStatus.Route.ROUTE_UNSPECIFIED) return null;
    VolumeStatus.Route was = before == null || !before.getHeld() ? VolumeStatus.Route.DIRECT : before.getRoute();
    if (was == VolumeStatus.Route.ROUTE_UNSPECIFIED) was = VolumeStatus.Route.DIRECT;
    if (was == now.getRoute()) return null;
    String reason = now.getReason().isEmpty() ? "" : ": " + now.getReason();
    return switch (now.getRoute()) {
      case DIRECT -> new RouteEvent(Severity.INFO, "route-changed", "volume " + volume + " on host " + host + " is on its direct route again");
      case SERVER -> new RouteEvent(Severity.WARNING, "route-changed", "volume " + volume + " on host " + host + " goes through the server" + reason);
      // A volume that has only just been taken is being opened, and one that stands still was asked to: both are orderly.
      case WAITING -> new RouteEvent(now.getQuiesced() || before == null || !before.getHeld() ? Severity.INFO : Severity.ERROR, "route-changed", "volume " + volume + " on host " + host + " waits for a route" + reason);
      default -> null;
    };
  }
}
