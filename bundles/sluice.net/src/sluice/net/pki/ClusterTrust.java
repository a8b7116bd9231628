package sluice.net.pki;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import sluice.api.SluiceException;

/**
 * Believes one authority, and of its certificates those that name a peer of one cluster.
 *
 * <p>A server is known by its certificate's kind, not by the address it was reached at: an address that is reused, or
 * forwarded, must neither make a stranger the server nor the server a stranger.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager chain;
  private final X509Certificate ca;
  private final String clusterId;

  private ClusterTrust(X509ExtendedTrustManager chain, X509Certificate ca, String clusterId) {
    this.chain = chain;
    this.ca = ca;
    this.clusterId = clusterId;
  }

  /** @param clusterId null: whatever cluster the authority vouches for */
  static ClusterTrust of(X509Certificate ca, String clusterId) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setCertificateEntry("authority", ca);
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      for (TrustManager m : factory.getTrustManagers()) {
        if (m instanceof X509ExtendedTrustManager x) return new ClusterTrust(x, ca, clusterId);
      }
      throw new IllegalStateException("the JDK has no X.509 trust manager");
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK refuses a certificate that it has read", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certs, String auth, SSLEngine engine) throws CertificateException {
    chain.checkClientTrusted(certs, auth, engine);
    requirePeer(certs[0], false);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certs, String auth, Socket socket) throws CertificateException {
    chain.checkClientTrusted(certs, auth, socket);
    requirePeer(certs[0], false);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certs, String auth) throws CertificateException {
    chain.checkClientTrusted(certs, auth);
    requirePeer(certs[0], false);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certs, String auth, SSLEngine engine) throws CertificateException {
    chain.checkServerTrusted(certs, auth, engine);
    requirePeer(certs[0], true);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certs, String auth, Socket socket) throws CertificateException {
    chain.checkServerTrusted(certs, auth, socket);
    requirePeer(certs[0], true);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certs, String auth) throws CertificateException {
    chain.checkServerTrusted(certs, auth);
    requirePeer(certs[0], true);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[] {ca};
  }

  private void requirePeer(X509Certificate leaf, boolean server) throws CertificateException {
    // The authority's own certificate is a trust anchor, for which the JDK asks nothing more.
    if (Arrays.equals(leaf.getEncoded(), ca.getEncoded())) throw new CertificateException("an authority is no peer");
    PeerIdentity peer;
    try {
      peer = PeerIdentity.of(leaf);
    } catch (SluiceException e) {
      throw new CertificateException(e.getMessage());
    }
    if (clusterId != null && !peer.clusterId().equals(clusterId)) {
      throw new CertificateException("the certificate is for another cluster");
    }
    if (server && peer.kind() != PeerIdentity.Kind.SERVER) {
      throw new CertificateException("the certificate is not a server's");
    }
  }
}
