package sluice.net.pki;

import java.math.BigInteger;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Certificates that the authority's key has signed and that Sluice would never issue. */
public final class OddCertificates {
  /** A certificate with its key. */
  public record Made(PrivateKey key, X509Certificate certificate, X509Certificate ca) {}

  private OddCertificates() {}

  /** @param names of the certificate, as URIs; none: no names at all */
  public static Made withUris(Authority authority, Path scratch, String... names) throws Exception {
    authority.save(scratch);
    PrivateKey caKey = Pem.key(PrivateFiles.read(scratch.resolve("ca-key.pem"), Pem.MAX_BYTES), "ca");
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Instant now = Instant.now();
    X509v3CertificateBuilder builder =
        new X509v3CertificateBuilder(
            X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded()), BigInteger.TWO,
            Date.from(now.minusSeconds(3600)), Date.from(now.plusSeconds(3600)), new X500Name("CN=odd"),
            SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    KeyPurposeId[] purposes = {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth};
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    if (names.length > 0) {
      GeneralName[] uris =
          Arrays.stream(names)
              .map(n -> new GeneralName(GeneralName.uniformResourceIdentifier, n))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(uris));
    }
    byte[] der = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(caKey)).getEncoded();
    return new Made(pair.getPrivate(), Pem.certificateOfDer(der, "odd"), authority.certificate());
  }
}
