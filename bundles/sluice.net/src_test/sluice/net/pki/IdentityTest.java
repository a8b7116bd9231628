package sluice.net.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class IdentityTest {
  private final Authority authority = Authority.create("c", Clock.systemUTC());
  private final Identity identity = authority.identity(Subject.host("c1", "h1", "h1"));

  @Test
  void isTheSameAfterSavingAndLoadingUnderTheNamesThatGnuTlsToolsExpect(@TempDir Path dir) throws Exception {
    assertFalse(Identity.exists(dir));
    identity.save(dir);
    assertTrue(Identity.exists(dir));
    assertEquals(identity.self(), Identity.load(dir).self());
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(
          List.of("ca-cert.pem", "client-cert.pem", "client-key.pem"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    for (String name : List.of("ca-cert.pem", "client-cert.pem", "client-key.pem")) {
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(name))));
    }
  }

  @Test
  void theKeyFileHasThePublicKeyInItWithoutWhichGnuTlsLoadsNone(@TempDir Path dir) throws Exception {
    identity.save(dir);
    String pem = Files.readString(dir.resolve("client-key.pem"));
    byte[] der = java.util.Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(
        org.bouncycastle.asn1.pkcs.PrivateKeyInfo.getInstance(der).parsePrivateKey());
    assertEquals(65, key.getPublicKey().getBytes().length);
  }

  @Test
  void aKeyOfSomebodyElseIsNoticed(@TempDir Path dir) throws Exception {
    identity.save(dir);
    authority.identity(Subject.host("c1", "h2", "h2")).save(dir.resolve("other"));
    Files.copy(dir.resolve("other/client-key.pem"), dir.resolve("client-key.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(ErrorCode.CORRUPT, assertThrows(SluiceException.class, () -> Identity.load(dir)).code());
  }

  @Test
  void anotherAuthorityIsNoticed(@TempDir Path dir) throws Exception {
    identity.save(dir);
    Authority.create("d", Clock.systemUTC()).save(dir.resolve("other"));
    Files.copy(dir.resolve("other/ca-cert.pem"), dir.resolve("ca-cert.pem"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertEquals(ErrorCode.CORRUPT, assertThrows(SluiceException.class, () -> Identity.load(dir)).code());
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path dir) {
    SluiceException e = assertThrows(SluiceException.class, () -> Identity.load(dir));
    assertEquals(ErrorCode.NOT_FOUND, e.code());
    assertTrue(e.getMessage().contains("client-key.pem"));
  }

  @Test
  void aJoinThatWasInterruptedGoesOnWithTheSameKey(@TempDir Path dir) {
    KeyRequest first = KeyRequest.in(dir);
    assertFalse(Identity.exists(dir));
    KeyRequest again = KeyRequest.in(dir);
    assertArrayEquals(first.csr(), again.csr());
    var certificate = authority.issue(again.csr(), Subject.host("c1", "h1", "h1"));
    again.identity(certificate, authority.certificate()).save(dir);
    assertEquals("h1", Identity.load(dir).id());
    assertEquals(CertificateRequests.keySha256(first.csr()), CertificateRequests.keySha256(certificate));
    assertFalse(Files.exists(dir.resolve("client-request.der")));
  }

  @Test
  void aWriteThatFailsLeavesTheOldContentAndNoRest(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("taken");
    Files.createDirectory(file);
    Files.write(file.resolve("inside"), new byte[1]);
    assertThrows(SluiceException.class, () -> PrivateFiles.write(file, new byte[3]));
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(List.of(file), files.toList());
    }
  }
}
