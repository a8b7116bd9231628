package sluice.net.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class AuthorityTest {
  private static final Subject HOST = Subject.host("c1", "h1", "h1");

  @Test
  void isTheSameAfterSavingAndLoading(@TempDir Path dir) throws Exception {
    Authority made = Authority.create("prod", Clock.systemUTC());
    assertFalse(Authority.exists(dir.resolve("ca")));
    made.save(dir.resolve("ca"));
    Authority loaded = Authority.load(dir.resolve("ca"));
    assertEquals(made.sha256(), loaded.sha256());
    loaded.identity(HOST).certificate().verify(made.certificate().getPublicKey());
    assertEquals("rw-------", permissions(dir.resolve("ca/ca-key.pem")));
    assertEquals("rwx------", permissions(dir.resolve("ca")));
  }

  @Test
  void certificatesLastTenYearsButNeverLongerThanTheAuthority() {
    Instant start = Instant.parse("2030-01-01T00:00:00Z");
    Authority young = Authority.create("c", Clock.fixed(start, ZoneOffset.UTC));
    X509Certificate certificate = young.issue(KeyRequest.create().csr(), HOST);
    assertEquals(start.plus(Duration.ofDays(3650)), certificate.getNotAfter().toInstant());
    assertTrue(certificate.getNotBefore().toInstant().isBefore(start));
    X509Certificate forever = young.issue(KeyRequest.create().csr(), HOST, Duration.ofDays(36500));
    assertEquals(young.certificate().getNotAfter(), forever.getNotAfter());
  }

  @Test
  void aHostsCertificateCanNeitherSignNorServe() throws Exception {
    Authority authority = Authority.create("c", Clock.systemUTC());
    X509Certificate host = authority.identity(HOST).certificate();
    assertEquals(-1, host.getBasicConstraints());
    assertEquals(List.of("1.3.6.1.5.5.7.3.2"), host.getExtendedKeyUsage());
    assertFalse(host.getKeyUsage()[5], "keyCertSign");
  }

  @Test
  void aServersCertificateNamesAllItsAddresses() throws Exception {
    Authority authority = Authority.create("c", Clock.systemUTC());
    Subject server = Subject.server("c1", "s1", "s1", List.of("10.0.0.1", "fd00::1", "san.example.org", "localhost"));
    X509Certificate certificate = authority.identity(server).certificate();
    String names = certificate.getSubjectAlternativeNames().stream().map(n -> n.get(1).toString()).collect(Collectors.joining(" "));
    assertEquals("sluice://c1/server/s1 10.0.0.1 fd00:0:0:0:0:0:0:1 san.example.org localhost", names);
    assertEquals(2, certificate.getExtendedKeyUsage().size());
  }

  @Test
  void serialsAreLongAndNeverTheSame() {
    Authority authority = Authority.create("c", Clock.systemUTC());
    byte[] csr = KeyRequest.create().csr();
    var one = authority.issue(csr, HOST).getSerialNumber();
    assertEquals(128, one.bitLength());
    assertNotEquals(one, authority.issue(csr, HOST).getSerialNumber());
  }

  @Test
  void aRequestWithAnyBitFlippedIsRefusedOrProvesAKeyOfItsOwn() {
    byte[] good = KeyRequest.create().csr();
    String key = CertificateRequests.keySha256(good);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        // Only damage that the signature does not cover (its own encoding) may pass, and then with the same key.
        assertEquals(key, CertificateRequests.keySha256(bad));
      } catch (SluiceException e) {
        assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
      }
    }
  }

  @Test
  void aRequestCutAnywhereOrOfNoiseIsRefused() {
    byte[] good = KeyRequest.create().csr();
    for (int n = 0; n < good.length; n++) refused(java.util.Arrays.copyOf(good, n));
    Random random = new Random(11);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      refused(noise);
    }
    refused(new byte[5000]);
  }

  @Test
  void otherKindsOfKeysAreRefused() throws Exception {
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    var pair = rsa.generateKeyPair();
    byte[] csr =
        new PKCS10CertificationRequestBuilder(
                new X500Name("CN=x"), SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()))
            .getEncoded();
    refused(csr);
  }

  @Test
  void aDamagedKeyFileIsNamed(@TempDir Path dir) throws Exception {
    Authority.create("c", Clock.systemUTC()).save(dir);
    Files.write(dir.resolve("ca-key.pem"), "nothing".getBytes(StandardCharsets.US_ASCII));
    SluiceException e = assertThrows(SluiceException.class, () -> Authority.load(dir));
    assertEquals(ErrorCode.CORRUPT, e.code());
    assertTrue(e.getMessage().contains("ca-key.pem"));
  }

  private static void refused(byte[] csr) {
    SluiceException e = assertThrows(SluiceException.class, () -> CertificateRequests.keySha256(csr));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
