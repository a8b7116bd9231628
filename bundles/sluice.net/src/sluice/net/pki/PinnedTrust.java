package sluice.net.pki;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Believes a server whose chain ends in the authority with a fingerprint that a join token carries: all that somebody
 * who joins knows of the cluster beforehand.
 */
public final class PinnedTrust extends X509ExtendedTrustManager {
  private final String caSha256;

  private PinnedTrust(String caSha256) {
    this.caSha256 = caSha256;
  }

  /** A context for a client without a certificate. @param caSha256 lower-case hex, as the token has it */
  public static SSLContext context(String caSha256) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(null, new TrustManager[] {new PinnedTrust(caSha256)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK 17 has TLS 1.3", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certs, String auth, SSLEngine engine) throws CertificateException {
    check(certs, auth);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certs, String auth, Socket socket) throws CertificateException {
    check(certs, auth);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] certs, String auth) throws CertificateException {
    check(certs, auth);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certs, String auth, SSLEngine engine) throws CertificateException {
    throw new CertificateException("for clients only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certs, String auth, Socket socket) throws CertificateException {
    throw new CertificateException("for clients only");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] certs, String auth) throws CertificateException {
    throw new CertificateException("for clients only");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private void check(X509Certificate[] certs, String auth) throws CertificateException {
    X509Certificate last = certs[certs.length - 1];
    if (!PeerIdentity.sha256(last).equals(caSha256)) {
      throw new CertificateException("the server is of another cluster than the token");
    }
    // Not only named in the chain: it must have signed, be a CA and be valid; the JDK's validator says so.
    ClusterTrust.of(last, null).checkServerTrusted(certs, auth);
  }
}
