package sluice.net.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The cluster's certificate authority: an ECDSA P-256 key that vouches for servers, hosts and users.
 *
 * <p>Immutable, any thread; issuing takes about a millisecond. Revocation is not here: the catalog says which
 * certificates are good, and the server asks it at every Hello. Kept as {@code ca-cert.pem} and {@code ca-key.pem}.
 */
public final class Authority {
  private static final String CERTIFICATE_FILE = "ca-cert.pem";
  private static final String KEY_FILE = "ca-key.pem";
  private static final Duration CA_LIFE = Duration.ofDays(20 * 365);
  private static final Duration LEAF_LIFE = Duration.ofDays(10 * 365);
  // Clocks of machines that join differ; a certificate that is not yet valid there would be a puzzling refusal.
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final int SERIAL_BITS = 128;
  private static final int MAX_CN = 64; // X.520 ub-common-name
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final Clock clock;

  private Authority(PrivateKey key, X509Certificate certificate, Clock clock) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
  }

  /** A new authority, in memory only until {@link #save}. @param clusterName for people, in the subject */
  public static Authority create(String clusterName, Clock clock) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair pair = generator.generateKeyPair();
      X500Name name = name("Sluice cluster " + clusterName);
      SubjectPublicKeyInfo publicKey = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
      Instant now = clock.instant();
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
                  name, serial(), Date.from(now.minus(BACKDATED)), Date.from(now.plus(CA_LIFE)), name, publicKey)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
              .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey));
      return new Authority(pair.getPrivate(), sign(builder, pair.getPrivate()), clock);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK 17 has P-256", e);
    }
  }

  /** Is there a whole authority in the folder? Blocks. */
  public static boolean exists(Path dir) {
    return Files.exists(dir.resolve(CERTIFICATE_FILE)) && Files.exists(dir.resolve(KEY_FILE));
  }

  /** Blocks. @throws sluice.api.SluiceException NOT_FOUND, CORRUPT, FORBIDDEN, IO; names the file */
  public static Authority load(Path dir) {
    Path keyFile = dir.resolve(KEY_FILE);
    Path certificateFile = dir.resolve(CERTIFICATE_FILE);
    return new Authority(
        Pem.key(PrivateFiles.read(keyFile, Pem.MAX_BYTES), keyFile.toString()),
        Pem.certificate(PrivateFiles.read(certificateFile, Pem.MAX_BYTES), certificateFile.toString()),
        Clock.systemUTC());
  }

  /** Blocks until both files are durable (0600), the certificate last. */
  public void save(Path dir) {
    PrivateFiles.createDirectories(dir);
    PrivateFiles.write(dir.resolve(KEY_FILE), Pem.of(key, certificate.getPublicKey()));
    PrivateFiles.write(dir.resolve(CERTIFICATE_FILE), Pem.of(certificate));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** Lower-case hex fingerprint, as join tokens carry it. */
  public String sha256() {
    return PeerIdentity.sha256(certificate);
  }

  /**
   * Certifies the key of a request for ten years. Nothing but the key and the proof of owning it is taken from it.
   *
   * @param csr PKCS#10, DER
   * @throws sluice.api.SluiceException INVALID_ARGUMENT if the request is damaged, unproven or not of a P-256 key
   */
  public X509Certificate issue(byte[] csr, Subject subject) {
    return issue(csr, subject, LEAF_LIFE);
  }

  /** As {@link #issue(byte[], Subject)} with another life. */
  public X509Certificate issue(byte[] csr, Subject subject, Duration life) {
    SubjectPublicKeyInfo publicKey = CertificateRequests.provenKey(csr);
    Instant now = clock.instant();
    Instant end = now.plus(life);
    Instant caEnd = certificate.getNotAfter().toInstant();
    boolean server = subject.kind() == PeerIdentity.Kind.SERVER;
    try {
      JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
      KeyPurposeId[] purposes =
          server
              ? new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}
              : new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
                  X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
                  serial(),
                  Date.from(now.minus(BACKDATED)),
                  Date.from(end.isBefore(caEnd) ? end : caEnd),
                  name(subject.name().isEmpty() ? subject.id() : subject.name()),
                  publicKey)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
              .addExtension(Extension.subjectAlternativeName, false, names(subject))
              .addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
      return sign(builder, key);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a proven key cannot be certified", e);
    }
  }

  /** A new key and certificate in one step, for identities that are made where the authority is. */
  public Identity identity(Subject subject) {
    KeyRequest request = KeyRequest.create();
    return request.identity(issue(request.csr(), subject), certificate);
  }

  private static GeneralNames names(Subject subject) {
    List<GeneralName> names = new ArrayList<>();
    String uri = PeerIdentity.uri(subject.kind(), subject.id(), subject.clusterId());
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
    for (String address : subject.addresses()) {
      // Letters that only an IPv6 literal has, or digits and dots only: an IP address; the rest are host names.
      boolean ip = address.contains(":") || address.matches("[0-9.]+");
      names.add(new GeneralName(ip ? GeneralName.iPAddress : GeneralName.dNSName, address));
    }
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static X500Name name(String cn) {
    String cut = cn.length() <= MAX_CN ? cn : cn.substring(0, MAX_CN);
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.O, "Sluice").addRDN(BCStyle.CN, cut).build();
  }

  private static BigInteger serial() {
    // The top bit set below the sign: 128 bits that are always positive and never zero (RFC 5280, 4.1.2.2).
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws IOException {
    try {
      byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)).getEncoded();
      return Pem.certificateOfDer(der, "a certificate just made");
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("a P-256 key cannot sign", e);
    }
  }
}
