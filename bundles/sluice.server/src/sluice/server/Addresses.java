package sluice.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sluice.net.HostPort;

/**
 * Where a server listens, and what it tells peers.
 *
 * @param control to listen on, one for each network
 * @param nbd to listen on, in the same order
 * @param told control addresses as peers reach them
 * @param toldNbd the same of the server route
 */
record Addresses(List<InetSocketAddress> control, List<InetSocketAddress> nbd, List<HostPort> told, List<HostPort> toldNbd) {
  /** Blocks for name resolution. A port 0 is chosen here, since the server route's follows from it. */
  static Addresses of(ServerSettings settings) {
    List<InetSocketAddress> control = new ArrayList<>();
    List<InetSocketAddress> nbd = new ArrayList<>();
    List<HostPort> told = new ArrayList<>();
    List<HostPort> toldNbd = new ArrayList<>();
    for (int i = 0; i < settings.listen().size(); i++) {
      HostPort listen = settings.listen().get(i);
      int port = listen.port() == 0 ? freePort(settings.nbdPortOffset()) : listen.port();
      InetSocketAddress address = new InetSocketAddress(listen.host(), port);
      control.add(address);
      nbd.add(new InetSocketAddress(listen.host(), port + settings.nbdPortOffset()));
      for (HostPort t : settings.advertise().isEmpty() ? told(address, listen.host()) : List.of(settings.advertise().get(i))) {
        told.add(t);
        toldNbd.add(new HostPort(t.host(), t.port() + settings.nbdPortOffset()));
      }
    }
    return new Addresses(List.copyOf(control), List.copyOf(nbd), List.copyOf(told), List.copyOf(toldNbd));
  }

  private static List<HostPort> told(InetSocketAddress address, String host) {
    if (address.getAddress() == null || !address.getAddress().isAnyLocalAddress()) return List.of(new HostPort(host, address.getPort()));
    List<HostPort> found = new ArrayList<>();
    for (String a : ownAddresses()) found.add(new HostPort(a, address.getPort()));
    return found.isEmpty() ? List.of(new HostPort("127.0.0.1", address.getPort())) : found;
  }

  /** Addresses of this machine that others may reach. */
  private static List<String> ownAddresses() {
    List<String> found = new ArrayList<>();
    try {
      for (NetworkInterface n : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!n.isUp() || n.isLoopback()) continue;
        for (InetAddress a : Collections.list(n.getInetAddresses())) {
          if (!a.isLinkLocalAddress() && !a.isMulticastAddress()) found.add(a.getHostAddress().replaceAll("%.*", ""));
        }
      }
    } catch (SocketException e) {
      return found;
    }
    return found;
  }

  /** A port that is free now, and the one after it by the offset. */
  private static int freePort(int offset) {
    for (int i = 0; i < 100; i++) {
      try (ServerSocket first = new ServerSocket(0); ServerSocket second = new ServerSocket(first.getLocalPort() + offset)) {
        return second.getLocalPort() - offset;
      } catch (java.io.IOException | IllegalArgumentException e) {
        // The neighbour is taken, or there is none: try another.
        continue;
      }
    }
    throw new IllegalStateException("no two free ports");
  }

  /** Names for the certificate. */
  List<String> hosts() {
    Set<String> hosts = new LinkedHashSet<>(List.of("localhost"));
    for (HostPort t : told) hosts.add(t.host());
    for (InetSocketAddress a : control) {
      if (a.getAddress() != null && !a.getAddress().isAnyLocalAddress()) hosts.add(a.getHostString());
    }
    return List.copyOf(hosts);
  }
}
