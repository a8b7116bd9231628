package sluice.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.pki.Identity;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;

class JoinClientTest {
  private static final String TOKEN = "7b5e3d1c-0f4a-4c2e-9f7d-1a2b3c4d5e6f";
  private static final Duration ONCE = Duration.ZERO;

  private final FakeServer server = new FakeServer();
  private final KeyRequest key = KeyRequest.create();

  @BeforeEach
  void start() {
    server.start(ServerLimits.standard());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aTokenOfThisClusterGivesAnIdentityThatOpensASession() throws Exception {
    JoinTokenText token = JoinTokenText.create(TOKEN, server.authority.sha256());
    Joined joined = JoinClient.join(List.of(server.hostPort(0)), token, Join.As.HOST, key, ONCE);
    Identity identity = key.identity(joined);
    assertEquals("h9", identity.id());
    assertArrayEquals(token.secret(), FakeServer.next(server.joins).getSecret().toByteArray());
    try (RawPeer peer = RawPeer.tls(server.address(0), identity.sslContext()).hello()) {
      assertTrue(peer.read().hasWelcome());
    }
  }

  @Test
  void aServerOfAnotherClusterIsNotToldTheSecret() {
    JoinTokenText foreign = JoinTokenText.create(TOKEN, "ab".repeat(32));
    assertEquals(ErrorCode.UNAUTHENTICATED, failure(foreign, server.hostPort(0)).code());
    assertNull(server.joins.poll());
  }

  @Test
  void aHostThatActsAsTheServerIsNotToldTheSecret() throws Exception {
    try (FakeServer impostor = new FakeServer()) {
      // The impostor shows a host's certificate of the very cluster, with its true authority in the chain.
      impostor.start(server.host("h1"), ServerLimits.standard());
      JoinTokenText token = JoinTokenText.create(TOKEN, server.authority.sha256());
      assertEquals(ErrorCode.UNAUTHENTICATED, failure(token, impostor.hostPort(0)).code());
      assertNull(impostor.joins.poll());
    }
  }

  @Test
  void aRefusalIsPassedOnAtOnce() {
    server.refusal = new SluiceException(ErrorCode.NOT_FOUND, "no such token", "", "");
    JoinTokenText token = JoinTokenText.create(TOKEN, server.authority.sha256());
    SluiceException e =
        assertThrows(
            SluiceException.class,
            () -> JoinClient.join(List.of(server.hostPort(0)), token, Join.As.HOST, key, Duration.ofMinutes(5)));
    assertEquals(ErrorCode.UNAUTHENTICATED, e.code());
  }

  @Test
  void anAddressThatDoesNotAnswerIsPassedOver() throws Exception {
    JoinTokenText token = JoinTokenText.create(TOKEN, server.authority.sha256());
    HostPort dead = closedPort();
    assertEquals("h9", JoinClient.join(List.of(dead, server.hostPort(0)), token, Join.As.HOST, key, ONCE).getId());
  }

  @Test
  void ifNothingAnswersEveryAddressIsNamedWithItsReason() throws Exception {
    JoinTokenText token = JoinTokenText.create(TOKEN, server.authority.sha256());
    SluiceException e = failure(token, closedPort());
    assertEquals(ErrorCode.UNAVAILABLE, e.code());
    assertTrue(e.why().contains("connection refused"), e.why());
  }

  private SluiceException failure(JoinTokenText token, HostPort address) {
    return assertThrows(SluiceException.class, () -> JoinClient.join(List.of(address), token, Join.As.HOST, key, ONCE));
  }

  private static HostPort closedPort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return new HostPort("127.0.0.1", socket.getLocalPort());
    }
  }
}
