package sluice.server;

import java.util.List;

/**
 * What does not change while the server runs, and peers are told.
 *
 * @param clusterId the cluster's id
 * @param clusterName its name
 * @param serverId this server's id
 * @param controlAddresses host:port of all networks
 * @param nbdAddresses of the server route, in the same order
 * @param software name and version of the program
 * @param leaseMs how long a host may go on with what it shares, counted from when it asked
 * @param heartbeatMs how often hosts ask
 * @param run of the server: another one after each of its starts, and greater
 */
public record ServerFacts(String clusterId, String clusterName, String serverId, List<String> controlAddresses,
    List<String> nbdAddresses, String software, int leaseMs, int heartbeatMs,
    long run) {
  public ServerFacts {
    controlAddresses = List.copyOf(controlAddresses);
    nbdAddresses = List.copyOf(nbdAddresses);
  }

  /** What a disk had taken of a host's connection before the host cut it takes effect within this time. */
  private static final int CUT_MS = 1_000;

  /**
   * What the server waits beyond a host's lease: clocks may run apart by a tenth, a round may be under way, and so may be what the
   * host had sent to disks before it cut its connections.
   */
  public int leaseMarginMs() {
    return leaseMs / 10 + heartbeatMs + CUT_MS;
  }
}
