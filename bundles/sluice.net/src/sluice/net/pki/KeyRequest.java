package sluice.net.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import sluice.protocol.v1.Joined;

/** A fresh P-256 key and the request to certify it; the key never leaves this machine. Immutable. */
public final class KeyRequest {
  private final PrivateKey key;
  private final byte[] csr;

  private KeyRequest(PrivateKey key, byte[] csr) {
    this.key = key;
    this.csr = csr;
  }

  /** A new key, in memory only. */
  public static KeyRequest create() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var pair = generator.generateKeyPair();
      return of(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK 17 has P-256", e);
    }
  }

  /**
   * The key kept in the folder, or a new one kept there before this returns (blocks): a join whose answer was lost is
   * repeated with the same key, so that the server can tell it from a second use of the token.
   */
  public static KeyRequest in(Path dir) {
    Path keyFile = dir.resolve(Identity.KEY_FILE);
    Path requestFile = dir.resolve(Identity.REQUEST_FILE);
    PrivateFiles.createDirectories(dir);
    if (Files.exists(keyFile) && Files.exists(requestFile)) {
      PrivateKey key = Pem.key(PrivateFiles.read(keyFile, Pem.MAX_BYTES), keyFile.toString());
      return new KeyRequest(key, PrivateFiles.read(requestFile, Pem.MAX_BYTES));
    }
    KeyRequest made = create();
    PrivateFiles.write(keyFile, Pem.of(made.key, CertificateRequests.publicKey(made.csr)));
    PrivateFiles.write(requestFile, made.csr);
    return made;
  }

  /** PKCS#10, DER; for {@code Join.certificate_request}. */
  public byte[] csr() {
    return csr.clone();
  }

  /**
   * The identity that a join gave.
   *
   * @throws sluice.api.SluiceException CORRUPT if the certificate is not for this key
   */
  public Identity identity(Joined joined) {
    return new Identity(
        key,
        Pem.certificateOfDer(joined.getCertificate().toByteArray(), "the certificate in the server's answer"),
        Pem.certificateOfDer(joined.getAuthority().toByteArray(), "the authority in the server's answer"));
  }

  /** The identity with a certificate that an authority in this process issued. */
  public Identity identity(java.security.cert.X509Certificate certificate, java.security.cert.X509Certificate ca) {
    return new Identity(key, certificate, ca);
  }

  private static KeyRequest of(PrivateKey key, PublicKey publicKey) {
    try {
      // The subject is left to the authority, which believes nothing but the key and its proof.
      byte[] csr =
          new PKCS10CertificationRequestBuilder(
                  new X500Name("CN=sluice"), SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()))
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
              .getEncoded();
      return new KeyRequest(key, csr);
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalStateException("a P-256 key cannot sign", e);
    }
  }

  @Override
  public String toString() {
    return "KeyRequest(P-256)";
  }
}
