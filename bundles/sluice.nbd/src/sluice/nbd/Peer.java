package sluice.nbd;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who is at the other end of a connection, as far as it is proven.
 *
 * @param certificates the chain that the peer proved with TLS, its own first; null without TLS
 * @param address where the connection comes from; not an identity
 */
public record Peer(List<X509Certificate> certificates, SocketAddress address) {
  public Peer {
    certificates = certificates == null ? null : List.copyOf(certificates);
  }

  /** For logs: the certificate's subject, or what kind of socket it is. */
  @Override
  public String toString() {
    String who = certificates == null ? "no certificate" : certificates.get(0).getSubjectX500Principal().getName();
    String where = address == null || address.toString().isEmpty() ? "local socket" : address.toString();
    return who + " at " + where;
  }
}
