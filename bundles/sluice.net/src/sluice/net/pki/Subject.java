package sluice.net.pki;

import java.util.List;

/**
 * Whom a certificate is for.
 *
 * @param kind HOST, USER or SERVER
 * @param id host's or server's id, or the user's name
 * @param name for people, the certificate's CN; not unique, never decided upon
 * @param clusterId the cluster that vouches
 * @param addresses SERVER: host names and IP addresses it listens on, for tools that check them; otherwise empty
 */
public record Subject(PeerIdentity.Kind kind, String id, String name, String clusterId, List<String> addresses) {
  public Subject {
    if (kind == PeerIdentity.Kind.NONE) throw new IllegalArgumentException("nobody needs no certificate");
    addresses = List.copyOf(addresses);
    PeerIdentity.check(kind, id, clusterId);
  }

  public static Subject host(String clusterId, String id, String name) {
    return new Subject(PeerIdentity.Kind.HOST, id, name, clusterId, List.of());
  }

  public static Subject user(String clusterId, String name) {
    return new Subject(PeerIdentity.Kind.USER, name, name, clusterId, List.of());
  }

  public static Subject server(String clusterId, String id, String name, List<String> addresses) {
    return new Subject(PeerIdentity.Kind.SERVER, id, name, clusterId, addresses);
  }
}
