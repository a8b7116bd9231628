package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlConnection;
import sluice.net.HostPort;
import sluice.net.ServerReplies;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Progress;
import sluice.protocol.v1.Reply;

@Timeout(240)
class ManagementClientTest {
  private static final Call CHANGE = Call.newBuilder().setChange(Change.getDefaultInstance()).build();
  private static final Duration SHORT = Duration.ofMillis(300);

  private final FakeServer server = new FakeServer("127.0.0.1");
  private ManagementClient client;

  @AfterEach
  void stop() {
    if (client != null) client.close();
    server.close();
  }

  @Test
  void isReadyWithTheServersWelcome() {
    connect();
    assertEquals("admin", ManagementClient.await(client.ready(Duration.ofSeconds(20))).getYourId());
    assertTrue(client.networks().get(0).getUp());
  }

  @Test
  void aProblemComesAsAnError() {
    server.onCall =
        asked ->
            asked.connection().send(
                ServerReplies.problem(asked.id(), new SluiceException(ErrorCode.NO_SPACE, "pool p is full", "why", "do")));
    connect();
    SluiceException e = assertThrows(SluiceException.class, () -> ManagementClient.await(client.call(CHANGE)));
    assertEquals(ErrorCode.NO_SPACE, e.code());
    assertEquals("do", e.correction());
  }

  @Test
  void progressIsHeardInOrderBeforeTheAnswer() {
    server.onCall =
        asked -> {
          for (int i = 1; i <= 3; i++) {
            Progress progress = Progress.newBuilder().setText("disk " + i).build();
            asked.connection().send(ServerReplies.of(asked.id(), Reply.newBuilder().setProgress(progress).build()));
          }
          server.done(asked);
        };
    connect();
    List<String> heard = new ArrayList<>();
    ManagementClient.await(client.callWithProgress(CHANGE, ManagementClient.DEADLINE, p -> heard.add(p.getText())));
    assertEquals(List.of("disk 1", "disk 2", "disk 3"), heard);
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsATimeoutThatSaysItMayHaveBeenDone() {
    server.onCall = asked -> { };
    connect();
    ManagementClient.await(client.ready(Duration.ofSeconds(20)));
    SluiceException e =
        assertThrows(SluiceException.class, () -> ManagementClient.await(client.call(CHANGE, SHORT, p -> { })));
    assertEquals(ErrorCode.TIMEOUT, e.code());
    assertTrue(e.why().contains("not known"));
  }

  @Test
  void aServerThatIsNotThereIsNamedWithTheReason() throws Exception {
    HostPort nobody;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobody = new HostPort("127.0.0.1", socket.getLocalPort());
    }
    client = ManagementClient.connect(List.of(nobody), server.user("admin"), "test 1");
    SluiceException e =
        assertThrows(SluiceException.class, () -> ManagementClient.await(client.ready(Duration.ZERO)));
    assertEquals(ErrorCode.UNAVAILABLE, e.code());
    assertTrue(e.why().contains(nobody + ": connection refused"), e.why());
    SluiceException call =
        assertThrows(SluiceException.class, () -> ManagementClient.await(client.call(CHANGE, SHORT, p -> { })));
    assertEquals(ErrorCode.UNAVAILABLE, call.code());
  }

  @Test
  void aRefusalEndsTheWaitingHoweverMuchPatienceThereIs() {
    server.refusal = new SluiceException(ErrorCode.FORBIDDEN, "user was removed", "", "");
    connect();
    SluiceException e =
        assertThrows(SluiceException.class, () -> ManagementClient.await(client.ready(Duration.ofHours(1))));
    assertEquals(ErrorCode.UNAUTHENTICATED, e.code());
  }

  @Test
  void closingFailsWhatHasNoAnswer() {
    server.onCall = asked -> { };
    connect();
    CompletableFuture<Reply> call = client.call(CHANGE);
    client.close();
    assertEquals(
        ErrorCode.UNAVAILABLE, assertThrows(SluiceException.class, () -> ManagementClient.await(call)).code());
    CompletableFuture<Reply> late = client.call(CHANGE);
    assertThrows(SluiceException.class, () -> ManagementClient.await(late));
  }

  @Test
  void aPictureIsWhatTheServerShows() {
    connect();
    assertEquals(5, ManagementClient.await(client.picture()).getNumber());
  }

  @Test
  void aWatchTellsThePictureThenEachChangeOfIt() throws Exception {
    connect();
    Seen seen = new Seen();
    try (Watching watching = client.watch(seen)) {
      assertEquals(5, FakeServer.next(seen.pictures).getNumber());
      assertTrue(watching.connected());
      ControlConnection connection = FakeServer.next(server.watchers);
      FakeServer.delta(connection, hostAdded(6, "h1"));
      assertEquals("h1", FakeServer.next(seen.pictures).getHosts(0).getId());
      FakeServer.delta(connection, hostAdded(6, "twice"));
      FakeServer.delta(connection, hostAdded(7, "h2"));
      assertEquals(List.of("h1", "h2"), FakeServer.next(seen.pictures).getHostsList().stream().map(Host::getId).toList());
    }
  }

  @Test
  void aGapIsNoticedAndThePictureFetchedAnew() throws Exception {
    connect();
    Seen seen = new Seen();
    client.watch(seen);
    FakeServer.next(seen.pictures);
    server.picture = Picture.newBuilder().setNumber(40).build();
    FakeServer.delta(FakeServer.next(server.watchers), hostAdded(9, "missed some"));
    assertEquals("a change was missed", FakeServer.next(seen.disconnected));
    assertEquals(40, FakeServer.next(seen.pictures).getNumber());
  }

  @Test
  void aServerThatGoesAwayIsToldAndAfterItsReturnThePictureComesAnew() throws Exception {
    connect();
    Seen seen = new Seen();
    Watching watching = client.watch(seen);
    FakeServer.next(seen.pictures);
    server.stop();
    assertFalse(FakeServer.next(seen.disconnected).isEmpty());
    assertFalse(watching.connected());
    server.picture = Picture.newBuilder().setNumber(1).build();
    server.startAgain(null);
    assertEquals(1, FakeServer.next(seen.pictures).getNumber());
    assertTrue(watching.connected());
  }

  private void connect() {
    client = ManagementClient.connect(List.of(server.hostPort(0)), server.user("admin"), "test 1");
  }

  private static PictureDelta hostAdded(long number, String id) {
    ObjectChange change = ObjectChange.newBuilder().setHost(Host.newBuilder().setId(id)).build();
    return PictureDelta.newBuilder().setNumber(number).addChanges(change).build();
  }

  private static final class Seen implements PictureListener {
    final BlockingQueue<Picture> pictures = new LinkedBlockingQueue<>();
    final BlockingQueue<String> disconnected = new LinkedBlockingQueue<>();

    @Override
    public void picture(Picture picture) {
      pictures.add(picture);
    }

    @Override
    public void changed(Picture now, PictureDelta delta) {
      pictures.add(now);
    }

    @Override
    public void disconnected(String reason) {
      disconnected.add(reason);
    }
  }
}
