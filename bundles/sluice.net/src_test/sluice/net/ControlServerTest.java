package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;

class ControlServerTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aPortThatIsTakenIsNamedAndNothingIsLeftListening() {
    server.start(ServerLimits.standard());
    InetSocketAddress taken = server.address(0);
    List<InetSocketAddress> wanted = List.of(new InetSocketAddress("127.0.0.2", 0), taken);
    SluiceException e =
        assertThrows(
            SluiceException.class,
            () -> ControlServer.bind(wanted, server.identity, server, ServerLimits.standard()));
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.getMessage().contains("127.0.0.1:" + taken.getPort()));
  }

  @Test
  void anAddressOfAnotherMachineIsRefused() {
    List<InetSocketAddress> wanted = List.of(new InetSocketAddress("192.0.2.1", 0));
    SluiceException e =
        assertThrows(
            SluiceException.class,
            () -> ControlServer.bind(wanted, server.identity, server, ServerLimits.standard()));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  @Test
  void whoSaysNothingIsClosedAtTheDeadline() throws Exception {
    server.start(limits(Duration.ofMillis(200), Duration.ofSeconds(30), 256));
    try (RawPeer silent = RawPeer.plain(server.address(0))) {
      assertEquals(0, silent.readToEnd().length);
    }
    try (RawPeer silent = RawPeer.tls(server.address(0), server.host("h1").sslContext())) {
      assertEquals(0, silent.readToEnd().length);
    }
  }

  @Test
  void aSessionThatFallsSilentIsClosed() throws Exception {
    server.start(limits(Duration.ofSeconds(10), Duration.ofMillis(200), 256));
    try (RawPeer peer = session("h1")) {
      assertEquals(0, peer.readToEnd().length);
      assertTrue(FakeServer.next(server.closed).contains("nothing was heard"));
    }
  }

  @Test
  void strangersCannotUseUpTheRoomOfHosts() throws Exception {
    server.start(new ServerLimits(10, 2, Duration.ofSeconds(10), Duration.ofSeconds(30), 2L * Frames.MAX_BYTES, 4));
    try (RawPeer one = session("h1");
        RawPeer stranger = RawPeer.tls(server.address(0), RawPeer.nobody());
        RawPeer another = RawPeer.tls(server.address(0), RawPeer.nobody());
        RawPeer tooMany = RawPeer.plain(server.address(0))) {
      assertEquals(0, tooMany.readToEnd().length);
      one.send(heartbeat(1));
      assertEquals(1, one.read().getHeartbeatAck().getRound());
    }
  }

  @Test
  void aPeerThatDoesNotReadIsDisconnectedInsteadOfBufferedFor() throws Exception {
    server.start(ServerLimits.standard());
    try (RawPeer slow = session("h1")) {
      ControlConnection connection = FakeServer.next(server.opened);
      ToClient megabyte =
          ToClient.newBuilder()
              .setPictureDelta(PictureDelta.newBuilder().addEvents(Event.newBuilder().setText("x".repeat(1 << 20))))
              .build();
      for (int i = 0; i < 64; i++) connection.send(megabyte);
      assertTrue(FakeServer.next(server.closed).contains("does not keep up"));
    }
  }

  @Test
  void anAnswerThatFitsNoFrameBecomesAProblem() throws Exception {
    server.start(ServerLimits.standard());
    server.answersCalls = false;
    try (RawPeer peer = session("h1")) {
      ControlConnection connection = FakeServer.next(server.opened);
      ToClient huge =
          ServerReplies.of(
              9, sluice.protocol.v1.Reply.newBuilder().setLast(true)
                  .setDone(sluice.protocol.v1.Done.newBuilder().addNotes("x".repeat(Frames.MAX_BYTES))).build());
      connection.send(huge);
      ToClient answer = peer.read();
      assertEquals(9, answer.getAnswers());
      assertEquals(Problem.Code.NO_SPACE, answer.getReply().getProblem().getCode());
    }
  }

  @Test
  void tooManyCallsAtOnceAreAnsweredSo() throws Exception {
    server.start(limits(Duration.ofSeconds(10), Duration.ofSeconds(30), 4));
    server.answersCalls = false;
    try (RawPeer peer = session("h1")) {
      for (int id = 1; id <= 5; id++) peer.send(call(id));
      ToClient answer = peer.read();
      assertEquals(5, answer.getAnswers());
      assertEquals(Problem.Code.UNAVAILABLE, answer.getReply().getProblem().getCode());
    }
  }

  @Test
  void whatIsSentBeforeTheWelcomeComesAfterIt() throws Exception {
    FakeServer eager =
        new FakeServer() {
          @Override
          public java.util.concurrent.CompletionStage<sluice.protocol.v1.Welcome> hello(
              Hello hello, Peer peer, ControlConnection connection) {
            connection.send(ToClient.newBuilder().setAnswers(77).setPictureDelta(PictureDelta.getDefaultInstance()).build());
            return super.hello(hello, peer, connection);
          }
        };
    try (eager) {
      eager.start(ServerLimits.standard());
      try (RawPeer peer = RawPeer.tls(eager.address(0), eager.host("h1").sslContext()).hello()) {
        assertTrue(peer.read().hasWelcome());
        assertEquals(77, peer.read().getAnswers());
      }
    }
  }

  @Test
  void aUsersHeartbeatIsAnsweredWithoutTheHandler() throws Exception {
    server.start(ServerLimits.standard());
    try (RawPeer peer = RawPeer.tls(server.address(0), server.user("admin").sslContext()).hello()) {
      assertTrue(peer.read().hasWelcome());
      peer.send(heartbeat(4));
      assertEquals(4, peer.read().getHeartbeatAck().getRound());
      assertNull(server.heartbeats.poll());
    }
  }

  @Test
  void everySequenceThatIsNotLegalEndsTheConnection() throws Exception {
    server.start(ServerLimits.standard());
    ToServer hello = ToServer.newBuilder().setHello(Hello.newBuilder().setOldestVersion(1).setNewestVersion(1)).build();
    ToServer join = ToServer.newBuilder().setJoin(sluice.protocol.v1.Join.getDefaultInstance()).build();
    for (ToServer second : List.of(hello, join, ToServer.getDefaultInstance())) {
      try (RawPeer peer = session("h1").send(second)) {
        assertEquals(0, peer.readToEnd().length, second.toString());
      }
    }
    for (ToServer first : List.of(heartbeat(1), call(1), ToServer.getDefaultInstance())) {
      try (RawPeer peer = RawPeer.tls(server.address(0), server.host("h1").sslContext()).send(first)) {
        assertEquals(0, peer.readToEnd().length, first.toString());
      }
    }
    try (RawPeer peer = session("h1").send(call(2))) {
      assertTrue(peer.read().getReply().hasDone());
      peer.send(call(2));
      assertEquals(0, peer.readToEnd().length);
    }
  }

  @Test
  void closingEndsAllSessionsAndTellsTheHandlerOfEach() throws Exception {
    server.start(ServerLimits.standard(), "127.0.0.1", "127.0.0.2");
    List<RawPeer> peers = new ArrayList<>(List.of(session("h1"), session("h2")));
    server.close();
    for (RawPeer peer : peers) {
      assertEquals(0, peer.readToEnd().length);
      peer.close();
      assertEquals("the server is stopping", FakeServer.next(server.closed));
    }
    assertNull(server.closed.poll());
    assertEquals(0, server.connections());
  }

  private RawPeer session(String host) throws Exception {
    RawPeer peer = RawPeer.tls(server.address(0), server.host(host).sslContext()).hello();
    assertTrue(peer.read().hasWelcome());
    return peer;
  }

  private static ServerLimits limits(Duration greeting, Duration idle, int calls) {
    return new ServerLimits(100, 100, greeting, idle, 2L * Frames.MAX_BYTES, calls);
  }

  private static ToServer heartbeat(long round) {
    return ToServer.newBuilder().setHeartbeat(Heartbeat.newBuilder().setRound(round)).build();
  }

  private static ToServer call(long id) {
    return ToServer.newBuilder().setId(id).setCall(Call.getDefaultInstance()).build();
  }
}
