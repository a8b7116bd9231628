package sluice.net;

import java.util.List;
import java.util.function.Supplier;
import sluice.net.pki.Identity;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Hello;

/**
 * What a link set connects as, and where to.
 *
 * @param addresses of the server's networks that are known beforehand, best first; more are learned from Welcomes
 * @param identity of kind HOST or USER
 * @param hello sent over each link; the same incarnation over all of them
 * @param heartbeats asked on the loop for the present state, at each round; must not block. The round is filled in
 * @param lease hears of answered rounds
 */
public record LinkSetup(
    List<HostPort> addresses, Identity identity, Hello hello, Supplier<Heartbeat> heartbeats, LeaseClock lease) {
  public LinkSetup {
    addresses = List.copyOf(addresses);
    if (addresses.isEmpty()) throw new IllegalArgumentException("at least one address of the server must be known");
  }

  /** @param software as in "sluice-agent 1.0.0" @param incarnation grows with each start of the agent */
  public static LinkSetup host(
      List<HostPort> addresses, Identity identity, String software, long incarnation,
      Supplier<Heartbeat> heartbeats, LeaseClock lease) {
    return new LinkSetup(addresses, identity, hello(software).setIncarnation(incarnation).build(), heartbeats, lease);
  }

  /** Of a management client: its heartbeats only ask whether the server is still there. */
  public static LinkSetup user(List<HostPort> addresses, Identity identity, String software) {
    return new LinkSetup(
        addresses, identity, hello(software).build(), Heartbeat::getDefaultInstance, LeaseClock.none());
  }

  private static Hello.Builder hello(String software) {
    return Hello.newBuilder()
        .setOldestVersion(Versions.OLDEST)
        .setNewestVersion(Versions.NEWEST)
        .setSoftware(software);
  }
}
