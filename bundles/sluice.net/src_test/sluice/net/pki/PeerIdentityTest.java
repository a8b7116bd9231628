package sluice.net.pki;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class PeerIdentityTest {
  private final Authority authority = Authority.create("c", Clock.systemUTC());

  @Test
  void saysWhatTheAuthorityWasAskedToCertify() {
    PeerIdentity host = authority.identity(Subject.host("c1", "h1", "Web one")).self();
    assertEquals(PeerIdentity.Kind.HOST, host.kind());
    assertEquals("h1", host.id());
    assertEquals("Web one", host.name());
    assertEquals("c1", host.clusterId());
    assertEquals(64, host.certificateSha256().length());
    assertEquals(PeerIdentity.Kind.USER, authority.identity(Subject.user("c1", "admin")).self().kind());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "sluice://c1/host/", "sluice://c1/host", "sluice:///host/h1", "sluice://c1/root/h1", "sluice://c1/HOST/h1",
    "sluice://c1/host/h1/", "sluice://c1/host/h1?x=1", "sluice://c1/host/h1#x", "sluice://c1/host/h%31",
    "sluice://c1:80/host/h1", "sluice://a@c1/host/h1", "Sluice://c1/host/h1", "https://c1/host/h1",
    "sluice://c1/host/../h1", "sluice://c1/host/h1\u0000", "sluice://c1/host/-h1"})
  void refusesEveryOtherForm(String uri, @TempDir Path dir) throws Exception {
    refused(OddCertificates.withUris(authority, dir, uri).certificate());
  }

  @Test
  void refusesTwoNamesAndNone(@TempDir Path dir) throws Exception {
    refused(OddCertificates.withUris(authority, dir, "sluice://c1/host/h1", "sluice://c1/host/h2").certificate());
    refused(OddCertificates.withUris(authority, dir).certificate());
    refused(authority.certificate());
  }

  @Test
  void noCertificateIsMadeForWhatCouldNotBeRead() {
    assertThrows(SluiceException.class, () -> Subject.host("c1", "h/1", "x"));
    assertThrows(SluiceException.class, () -> Subject.user("c1", "Ädmin"));
    assertThrows(SluiceException.class, () -> Subject.host("", "h1", "x"));
  }

  private static void refused(java.security.cert.X509Certificate certificate) {
    SluiceException e = assertThrows(SluiceException.class, () -> PeerIdentity.of(certificate));
    assertEquals(ErrorCode.UNAUTHENTICATED, e.code());
  }
}
