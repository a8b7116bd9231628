package sluice.net.pki;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.security.TlsIdentity;

/**
 * A private key, the certificate for it and the authority that vouches: who this program is. Immutable.
 *
 * <p>On disk it is a folder with the names that GnuTLS tools expect ({@code nbdinfo}, {@code qemu-img}), so that they
 * can act under a host's identity: {@value #CA_FILE}, {@value #CERTIFICATE_FILE}, {@value #KEY_FILE}.
 */
public final class Identity implements TlsIdentity {
  static final String CA_FILE = "ca-cert.pem";
  static final String CERTIFICATE_FILE = "client-cert.pem";
  static final String KEY_FILE = "client-key.pem";
  static final String REQUEST_FILE = "client-request.der";

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final X509Certificate ca;
  private final PeerIdentity self;
  private final SSLContext context;

  /** @throws SluiceException CORRUPT if key, certificate and authority do not belong together */
  Identity(PrivateKey key, X509Certificate certificate, X509Certificate ca) {
    this.key = key;
    this.certificate = certificate;
    this.ca = ca;
    this.self = PeerIdentity.of(certificate);
    requireTogether();
    this.context = makeContext();
  }

  /** Is there a whole identity in the folder? Blocks. */
  public static boolean exists(Path dir) {
    // The certificate is written last.
    return Files.exists(dir.resolve(CERTIFICATE_FILE));
  }

  /** Blocks. @throws SluiceException NOT_FOUND, CORRUPT, FORBIDDEN, IO; names the file */
  public static Identity load(Path dir) {
    return new Identity(
        Pem.key(read(dir, KEY_FILE), dir.resolve(KEY_FILE).toString()),
        Pem.certificate(read(dir, CERTIFICATE_FILE), dir.resolve(CERTIFICATE_FILE).toString()),
        Pem.certificate(read(dir, CA_FILE), dir.resolve(CA_FILE).toString()));
  }

  /** Blocks until all three files are durable, the certificate last; files are 0600, the folder 0700. */
  public void save(Path dir) {
    PrivateFiles.createDirectories(dir);
    PrivateFiles.write(dir.resolve(KEY_FILE), Pem.of(key, certificate.getPublicKey()));
    PrivateFiles.write(dir.resolve(CA_FILE), Pem.of(ca));
    PrivateFiles.write(dir.resolve(CERTIFICATE_FILE), Pem.of(certificate));
    try {
      Files.deleteIfExists(dir.resolve(REQUEST_FILE));
    } catch (java.io.IOException e) {
      throw PrivateFiles.failure("cannot remove " + dir.resolve(REQUEST_FILE), e, dir);
    }
  }

  /**
   * A context for this cluster: shows this certificate with its authority's, and believes only that authority and only
   * certificates of the form that {@link PeerIdentity} reads; a server's must be a server's. Who makes an engine of it
   * enables TLSv1.3 alone.
   */
  public SSLContext sslContext() {
    return context;
  }

  @Override
  public SSLContext context() {
    return context;
  }

  @Override
  public String id() {
    return self.id();
  }

  /** What this identity's peers learn of it. */
  public PeerIdentity self() {
    return self;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public X509Certificate authority() {
    return ca;
  }

  /** Last moment at which peers accept the certificate. */
  public Instant expires() {
    return certificate.getNotAfter().toInstant();
  }

  private static byte[] read(Path dir, String name) {
    return PrivateFiles.read(dir.resolve(name), Pem.MAX_BYTES);
  }

  private void requireTogether() {
    try {
      certificate.verify(ca.getPublicKey());
      byte[] probe = new byte[32];
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(key);
      signature.update(probe);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      if (signature.verify(signed)) return;
    } catch (GeneralSecurityException e) {
      // Falls through: whichever part it was, the three do not fit.
    }
    throw new SluiceException(
        ErrorCode.CORRUPT, "the identity of " + self.kind() + " " + self.id() + " is damaged",
        "its key, certificate and authority do not belong together", "put the files back, or join the cluster again",
        self.id());
  }

  private SSLContext makeContext() {
    try {
      // An in-memory key store needs a password in the JDK's interface; it protects nothing and is never stored.
      char[] password = "memory".toCharArray();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("identity", key, password, new X509Certificate[] {certificate, ca});
      KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, password);
      SSLContext made = SSLContext.getInstance("TLSv1.3");
      made.init(keys.getKeyManagers(), new TrustManager[] {ClusterTrust.of(ca, self.clusterId())}, null);
      return made;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException("the JDK refuses an identity that fits together", e);
    }
  }

  @Override
  public String toString() {
    return "Identity(" + self.uri() + ")";
  }
}
