package sluice.server.volumes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides which connections of the server route may live together. Pure; on the control thread.
 *
 * <p>For each host and volume the newest route wins: a newer one shuts the older ones, an older one is refused from
 * then on. A pair that is barred (the volume is being taken away from the host) admits nobody.
 */
final class RouteFence {
  private record Pair(String host, String volume) {}

  private static final class Routes {
    RouteName newest;
    final List<RouteTicket> tickets = new ArrayList<>();
  }

  private final Map<Pair, Routes> pairs = new HashMap<>();
  private final Set<Pair> barred = new HashSet<>();
  private final Set<String> barredHosts = new HashSet<>();

  /** Null if a connection of that name may come in, otherwise why not. */
  String refusal(String host, String volume, RouteName name) {
    if (barredHosts.contains(host) || barred.contains(new Pair(host, volume))) return "the volume is being taken back";
    Routes routes = pairs.get(new Pair(host, volume));
    if (routes == null || routes.newest == null || !routes.newest.fences(name)) return null;
    return "a newer connection of the host has taken over";
  }

  /** Takes the ticket in, which {@link #refusal} let pass. Answers those that it fences: shut and drain them first. */
  List<RouteTicket> admit(RouteTicket ticket) {
    Routes routes = pairs.computeIfAbsent(new Pair(ticket.host, ticket.volume), p -> new Routes());
    List<RouteTicket> fenced = new ArrayList<>();
    for (RouteTicket old : routes.tickets) if (ticket.name.fences(old.name)) fenced.add(old);
    if (ticket.name.routed() && (routes.newest == null || ticket.name.fences(routes.newest))) routes.newest = ticket.name;
    routes.tickets.add(ticket);
    return fenced;
  }

  /** Nobody of the host comes in to the volume until {@link #release}. Answers what is to be shut and drained. */
  List<RouteTicket> bar(String host, String volume) {
    Pair pair = new Pair(host, volume);
    barred.add(pair);
    Routes routes = pairs.get(pair);
    return routes == null ? List.of() : List.copyOf(routes.tickets);
  }

  /** Nobody of the host comes in at all until {@link #releaseHost}. */
  List<RouteTicket> barHost(String host) {
    barredHosts.add(host);
    return of(host);
  }

  void release(String host, String volume) {
    barred.remove(new Pair(host, volume));
  }

  void releaseHost(String host) {
    barredHosts.remove(host);
  }

  /**
   * The host holds the volume no more; whatever comes later is of a new attachment, whose agent may count from the start
   * again. All tickets have been shut before.
   */
  void ended(String host, String volume) {
    Pair pair = new Pair(host, volume);
    barred.remove(pair);
    Routes routes = pairs.get(pair);
    if (routes == null) return;
    routes.newest = null;
    for (RouteTicket t : routes.tickets) t.shut();
    if (routes.tickets.isEmpty()) pairs.remove(pair);
  }

  List<RouteTicket> of(String host) {
    List<RouteTicket> found = new ArrayList<>();
    pairs.forEach((pair, routes) -> {
      if (pair.host.equals(host)) found.addAll(routes.tickets);
    });
    return found;
  }

  List<RouteTicket> ofPair(String host, String volume) {
    Routes routes = pairs.get(new Pair(host, volume));
    return routes == null ? List.of() : List.copyOf(routes.tickets);
  }

  /** Hosts of which something is known for the volume. */
  List<String> hostsOf(String volume) {
    List<String> hosts = new ArrayList<>();
    for (Pair p : pairs.keySet()) if (p.volume.equals(volume)) hosts.add(p.host);
    for (Pair p : barred) if (p.volume.equals(volume) && !hosts.contains(p.host)) hosts.add(p.host);
    return hosts;
  }

  /** Connections under way, by host and volume. */
  int connections() {
    int n = 0;
    for (Routes routes : pairs.values()) for (RouteTicket t : routes.tickets) if (t.inUse()) n++;
    return n;
  }

  /** Drops tickets that nobody uses: shut first, since the peer may still try. Answers those that were dropped. */
  List<RouteTicket> sweep(long unusedSinceNanos) {
    List<RouteTicket> dropped = new ArrayList<>();
    for (Routes routes : pairs.values()) {
      routes.tickets.removeIf(t -> {
        if (!t.idleSince(unusedSinceNanos)) return false;
        t.shut();
        // Between the look at the count and the shutting a connection may have come in: keep it, shut, till it is gone.
        if (t.inUse()) return false;
        dropped.add(t);
        return true;
      });
    }
    pairs.values().removeIf(routes -> routes.newest == null && routes.tickets.isEmpty());
    return dropped;
  }
}
