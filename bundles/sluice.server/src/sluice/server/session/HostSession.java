package sluice.server.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.protocol.v1.HostStatus;
import sluice.protocol.v1.NetworkStatus;

/**
 * One host's session: its links over the server's addresses, merged. Pure; times come with each call.
 *
 * <p>All links are of one incarnation of the agent. A newer one ends the older one's links, since only one agent can
 * hold the host's folder; an older one is refused.
 *
 * @param <L> what a link is; compared by identity
 */
final class HostSession<L> {
  private static final class Network<L> {
    L link;
    String reason = "no connection yet";
    String peer = "";
    long sinceMs;
  }

  private final String hostId;
  private final Map<String, Network<L>> networks = new LinkedHashMap<>();
  private long incarnation;
  private String software = "";
  private HostStatus.State state = HostStatus.State.OFFLINE;
  private long sinceMs;
  private long leaseEnds;
  /** Newest round of this incarnation that the lease was renewed for; 0: none. */
  private long renewedRound;

  /**
   * @param serverAddresses of all networks, as host:port
   * @param leaseEnds monotonic ns: a lease that an earlier run of this server may have given counts from its end
   */
  HostSession(String hostId, List<String> serverAddresses, long nowMs, long leaseEnds) {
    this.hostId = hostId;
    this.sinceMs = nowMs;
    this.leaseEnds = leaseEnds;
    for (String address : serverAddresses) network(address, nowMs);
  }

  private Network<L> network(String address, long nowMs) {
    return networks.computeIfAbsent(address, a -> {
      Network<L> n = new Network<>();
      n.sinceMs = nowMs;
      return n;
    });
  }

  /** Whether a link of this incarnation may come in. */
  boolean admits(long newIncarnation) {
    return newIncarnation >= incarnation;
  }

  /** Takes in a link that {@link #admits}; answers the links that it replaces, to be closed. */
  List<L> opened(L link, long newIncarnation, String serverAddress, String peer, String newSoftware, long nowMs) {
    List<L> replaced = new ArrayList<>();
    if (newIncarnation > incarnation) {
      for (Network<L> n : networks.values()) if (n.link != null) replaced.add(end(n, "the agent was started again", nowMs));
      incarnation = newIncarnation;
      renewedRound = 0;
    }
    software = newSoftware;
    Network<L> n = network(serverAddress, nowMs);
    if (n.link != null) replaced.add(n.link);
    else n.sinceMs = nowMs;
    n.link = link;
    n.reason = "";
    n.peer = peer;
    enter(HostStatus.State.ONLINE, nowMs);
    return replaced;
  }

  private L end(Network<L> n, String reason, long nowMs) {
    L link = n.link;
    n.link = null;
    n.reason = reason;
    n.sinceMs = nowMs;
    return link;
  }

  /** A link has ended. False if it had been replaced before. */
  boolean closed(L link, String reason, long nowMs) {
    boolean was = false;
    for (Network<L> n : networks.values()) {
      if (n.link == link) {
        end(n, reason, nowMs);
        was = true;
      }
    }
    if (links().isEmpty()) enter(HostStatus.State.OFFLINE, nowMs);
    return was;
  }

  private void enter(HostStatus.State to, long nowMs) {
    if (state == to) return;
    state = to;
    sinceMs = nowMs;
  }

  /** A heartbeat has come: the host counts its lease from its sending, so it ends there before it ends here. */
  void renewed(long round, long nowNanos, long leaseNanos) {
    renewedRound = Math.max(renewedRound, round);
    leaseEnds = nowNanos + leaseNanos;
  }

  /** What a heartbeat is answered with that does not renew the lease: the host is heard, and that is all. 0: nothing yet. */
  long renewedRound() {
    return renewedRound;
  }

  /** Nanoseconds left; negative once it has run out. */
  long leaseLeft(long nowNanos) {
    return leaseEnds - nowNanos;
  }

  boolean online() {
    return state == HostStatus.State.ONLINE;
  }

  long sinceMs() {
    return sinceMs;
  }

  long incarnation() {
    return incarnation;
  }

  List<L> links() {
    List<L> links = new ArrayList<>();
    for (Network<L> n : networks.values()) if (n.link != null) links.add(n.link);
    return links;
  }

  HostStatus status(long nowNanos) {
    HostStatus.Builder b = HostStatus.newBuilder().setHostId(hostId).setState(state).setSinceMs(sinceMs)
        .setSoftware(software).setIncarnation(incarnation).setLeaseLeftMs(Math.max(0, leaseLeft(nowNanos) / 1_000_000_000 * 1000));
    networks.forEach((address, n) -> b.addNetworks(NetworkStatus.newBuilder().setServerAddress(address)
        .setUp(n.link != null).setReason(n.reason).setSinceMs(n.sinceMs).setPeerAddress(n.peer)));
    return b.build();
  }
}
