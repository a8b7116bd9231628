package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.pki.Authority;
import sluice.net.pki.Identity;
import sluice.net.pki.KeyRequest;
import sluice.net.pki.OddCertificates;
import sluice.net.pki.PinnedTrust;
import sluice.net.pki.Subject;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;
import sluice.protocol.v1.Welcome;

/** Who is refused, and what each of them learns: that it is refused, and nothing else. */
class RefusedPeersTest {
  private static final int TLS_ALERT_BYTES = 7; // 5 of a record's header, 2 of an alert in clear

  private final FakeServer server = new FakeServer();

  @BeforeEach
  void start() {
    server.start(ServerLimits.standard());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aGoodHostGetsItsWelcomeSoThatTheRefusalsBelowMeanSomething() throws Exception {
    try (RawPeer peer = RawPeer.tls(server.address(0), server.host("h1").sslContext()).hello()) {
      assertEquals(ToClient.BodyCase.WELCOME, peer.read().getBodyCase());
    }
  }

  @Test
  void withoutACertificateAHelloIsRefused() throws Exception {
    try (RawPeer peer = RawPeer.tls(server.address(0), RawPeer.nobody()).hello()) {
      refusedLikeEverybody(peer);
    }
  }

  @Test
  void withoutACertificateACallEndsTheConnection() throws Exception {
    try (RawPeer peer = RawPeer.tls(server.address(0), RawPeer.nobody())) {
      peer.send(ToServer.newBuilder().setId(1).setCall(Call.getDefaultInstance()).build());
      assertEquals(0, peer.readToEnd().length);
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityGetsNoFurtherThanTls() throws Exception {
    Authority other = Authority.create("other", Clock.systemUTC());
    OddCertificates.Made made = OddCertificates.withUris(other, scratch, "sluice://c1/host/h1");
    learnsNothing(made);
  }

  @Test
  void anotherAuthorityWithTheSameNameGetsNoFurther() throws Exception {
    Authority imitation = Authority.create("test", Clock.systemUTC());
    learnsNothing(OddCertificates.withUris(imitation, scratch, "sluice://c1/host/h1"));
  }

  @Test
  void anExpiredCertificateGetsNoFurtherThanTls() throws Exception {
    KeyRequest request = KeyRequest.create();
    var expired = server.authority.issue(request.csr(), Subject.host("c1", "h1", "h1"), Duration.ofHours(-1));
    Identity identity = request.identity(expired, server.authority.certificate());
    assertEquals(0, greeted(identity.sslContext()).length);
  }

  @Test
  void certificatesWithOddNamesGetNoFurtherThanTls() throws Exception {
    learnsNothing(OddCertificates.withUris(server.authority, scratch));
    learnsNothing(OddCertificates.withUris(server.authority, scratch, "sluice://c1/root/h1"));
    learnsNothing(OddCertificates.withUris(server.authority, scratch, "sluice://c2/host/h1"));
    learnsNothing(OddCertificates.withUris(server.authority, scratch, "sluice://c1/host/h1", "sluice://c1/user/admin"));
  }

  @Test
  void aServersCertificateIsNoHosts() throws Exception {
    try (RawPeer peer = RawPeer.tls(server.address(0), server.identity.sslContext()).hello()) {
      refusedLikeEverybody(peer);
    }
  }

  @Test
  void aRevokedHostLearnsTheSameAsAStranger() throws Exception {
    server.refusal = new SluiceException(ErrorCode.FORBIDDEN, "host h1 was removed", "by admin", "", "h1");
    try (RawPeer peer = RawPeer.tls(server.address(0), server.host("h1").sslContext()).hello()) {
      refusedLikeEverybody(peer);
    }
  }

  @Test
  void aUsedTokenLearnsTheSameAsAStranger() throws Exception {
    server.refusal = new SluiceException(ErrorCode.CONFLICT, "token t1 was used", "", "", "t1");
    try (RawPeer peer = RawPeer.tls(server.address(0), PinnedTrust.context(server.authority.sha256()))) {
      peer.send(ToServer.newBuilder().setJoin(sluice.protocol.v1.Join.newBuilder().setTokenId("t1")).build());
      refusedLikeEverybody(peer);
    }
  }

  @Test
  void olderTlsIsRefusedInTheHandshake() throws Exception {
    assertThrows(IOException.class, () -> RawPeer.tls(server.address(0), server.host("h1").sslContext(), "TLSv1.2"));
  }

  @Test
  void plainTcpLearnsNothing() throws Exception {
    try (RawPeer peer = RawPeer.plain(server.address(0)).hello()) {
      assertTrue(peer.readToEnd().length <= TLS_ALERT_BYTES);
    }
    try (RawPeer peer = RawPeer.plain(server.address(0))) {
      peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertTrue(peer.readToEnd().length <= TLS_ALERT_BYTES);
    }
  }

  @Test
  void garbageBeforeAndInsideTlsEndsTheConnection() throws Exception {
    byte[] garbage = new byte[5000];
    new Random(3).nextBytes(garbage);
    try (RawPeer peer = RawPeer.plain(server.address(0)).send(garbage)) {
      assertTrue(peer.readToEnd().length <= TLS_ALERT_BYTES);
    }
    try (RawPeer peer = RawPeer.tls(server.address(0), server.host("h1").sslContext()).send(garbage)) {
      assertEquals(0, peer.readToEnd().length);
    }
    aGoodHostGetsItsWelcomeSoThatTheRefusalsBelowMeanSomething();
  }

  @Test
  void aVersionThatNobodySpeaksIsExplainedToThoseWhoHaveProvenThemselves() throws Exception {
    ToServer tooNew =
        ToServer.newBuilder()
            .setHello(sluice.protocol.v1.Hello.newBuilder().setOldestVersion(7).setNewestVersion(9))
            .build();
    try (RawPeer peer = RawPeer.tls(server.address(0), server.host("h1").sslContext()).send(tooNew)) {
      assertTrue(peer.read().getRefused().getProblem().getWhat().contains("version"));
    }
    try (RawPeer peer = RawPeer.tls(server.address(0), RawPeer.nobody()).send(tooNew)) {
      refusedLikeEverybody(peer);
    }
  }

  @TempDir Path scratch;

  private void learnsNothing(OddCertificates.Made made) throws Exception {
    assertEquals(0, greeted(RawPeer.showing(made.key(), made.certificate(), made.ca())).length);
  }

  /** What comes back to a Hello; in TLS 1.3 a client learns only then that its certificate was refused. */
  private byte[] greeted(javax.net.ssl.SSLContext context) {
    try (RawPeer peer = RawPeer.tls(server.address(0), context).hello()) {
      return peer.readToEnd();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static void refusedLikeEverybody(RawPeer peer) throws IOException {
    ToClient answer = peer.read();
    assertEquals(ToClient.newBuilder().setRefused(Refusals.identity()).build(), answer);
    assertEquals(0, peer.readToEnd().length);
    assertEquals(Welcome.getDefaultInstance(), answer.getWelcome());
  }
}
