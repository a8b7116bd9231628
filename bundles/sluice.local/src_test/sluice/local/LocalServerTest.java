package sluice.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalHealth;
import sluice.protocol.v1.LocalHealthReport;
import sluice.protocol.v1.LocalReply;
import sluice.protocol.v1.LocalStop;

class LocalServerTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final LocalCall HEALTH = LocalCall.newBuilder().setHealth(LocalHealth.getDefaultInstance()).build();
  private static final LocalReply REPORT =
      LocalReply.newBuilder().setHealth(LocalHealthReport.newBuilder().setProgram("agent").setHealthy(true)).build();

  /** Not in a folder of JUnit's: its long names do not fit a socket's address. */
  private Path dir;
  private LocalServer server;

  @BeforeEach
  void makeDirectory() throws IOException {
    dir = Files.createTempDirectory("sluice");
  }

  @AfterEach
  void close() throws IOException {
    if (server != null) server.close();
    try (var files = Files.list(dir)) {
      for (Path f : files.toList()) Files.delete(f);
    }
    Files.delete(dir);
  }

  private void open(LocalHandler handler) {
    server = LocalServer.open(dir, handler);
  }

  private LocalReply call(LocalCall call) {
    return LocalClient.call(dir.resolve("control.sock"), call, LONG);
  }

  @Test
  void aCallIsAnswered() {
    open(call -> REPORT);
    assertEquals(REPORT, call(HEALTH));
    assertEquals(REPORT, call(HEALTH));
  }

  @Test
  void onlyTheOwnerCanReachTheSocket() throws IOException {
    open(call -> REPORT);
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir)));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.socket())));
  }

  @Test
  void aRefusalComesBackAsItIs() {
    open(call -> {
      throw new SluiceException(ErrorCode.FORBIDDEN, "what", "why", "do this", "object");
    });
    SluiceException e = assertThrows(SluiceException.class, () -> call(HEALTH));
    assertEquals(ErrorCode.FORBIDDEN, e.code());
    assertEquals("what", e.what());
    assertEquals("why", e.why());
    assertEquals("do this", e.correction());
    assertEquals(List.of("object"), e.objects());
  }

  @Test
  void aHandlerThatFailsIsSluicesFault() {
    open(call -> {
      throw new NoClassDefFoundError("exchanged");
    });
    assertEquals(ErrorCode.INTERNAL, assertThrows(SluiceException.class, () -> call(HEALTH)).code());
    assertEquals(ErrorCode.INTERNAL, assertThrows(SluiceException.class, () -> call(HEALTH)).code());
  }

  @Test
  void aCallOfAnotherVersionIsNotUnderstood() {
    open(call -> REPORT);
    SluiceException e = assertThrows(SluiceException.class, () -> call(LocalCall.getDefaultInstance()));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  @Test
  void whereNothingRunsTheCallerIsTold() throws IOException {
    assertEquals(ErrorCode.UNAVAILABLE, assertThrows(SluiceException.class, () -> call(HEALTH)).code());
    leaveStaleSocket();
    assertEquals(ErrorCode.UNAVAILABLE, assertThrows(SluiceException.class, () -> call(HEALTH)).code());
  }

  private void leaveStaleSocket() throws IOException {
    ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    dead.bind(UnixDomainSocketAddress.of(dir.resolve("control.sock")));
    dead.close();
  }

  @Test
  void theSocketOfADeadProgramIsReplaced() throws IOException {
    leaveStaleSocket();
    open(call -> REPORT);
    assertEquals(REPORT, call(HEALTH));
  }

  @Test
  void theSocketOfALiveProgramIsNot() {
    open(call -> REPORT);
    SluiceException e = assertThrows(SluiceException.class, () -> LocalServer.open(dir, call -> REPORT));
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.getMessage().startsWith("already running"), e.getMessage());
    assertEquals(REPORT, call(HEALTH));
  }

  @Test
  void aReplyIsAwaitedUntilTheCallersTimeIsUp() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    open(call -> {
      never.await();
      return REPORT;
    });
    SluiceException e = assertThrows(SluiceException.class,
        () -> LocalClient.call(dir.resolve("control.sock"), HEALTH, Duration.ofMillis(20)));
    assertEquals(ErrorCode.TIMEOUT, e.code());
    never.countDown();
  }

  @Test
  void moreCallsThanTheBoundAreToldToTryAgain() throws Exception {
    Semaphore entered = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    open(call -> {
      entered.release();
      go.await();
      return REPORT;
    });
    List<CompletableFuture<LocalReply>> calls = new ArrayList<>();
    for (int i = 0; i < LocalServer.MAX_CALLS; i++) {
      CompletableFuture<LocalReply> reply = new CompletableFuture<>();
      new Thread(() -> reply.complete(call(HEALTH))).start();
      calls.add(reply);
    }
    assertTrue(entered.tryAcquire(LocalServer.MAX_CALLS, 60, TimeUnit.SECONDS));
    assertEquals(ErrorCode.UNAVAILABLE, assertThrows(SluiceException.class, () -> call(HEALTH)).code());
    go.countDown();
    for (CompletableFuture<LocalReply> c : calls) assertEquals(REPORT, c.get(60, TimeUnit.SECONDS));
  }

  private int answerBytes(byte... sent) throws IOException {
    try (SocketChannel c = SocketChannel.open(UnixDomainSocketAddress.of(dir.resolve("control.sock")))) {
      c.write(ByteBuffer.wrap(sent));
      return c.read(ByteBuffer.allocate(100));
    }
  }

  @Test
  void whatIsNoCallEndsTheConnectionAndNothingElse() throws IOException {
    open(call -> REPORT);
    assertEquals(-1, answerBytes((byte) 0, (byte) 0x10, (byte) 0, (byte) 1));
    assertEquals(-1, answerBytes((byte) -1, (byte) -1, (byte) -1, (byte) -1));
    assertEquals(-1, answerBytes((byte) 0, (byte) 0, (byte) 0, (byte) 2, (byte) 0xff, (byte) 0xff));
    assertEquals(REPORT, call(HEALTH));
  }

  @Test
  void aCallerThatSendsNothingIsDroppedAtTheDeadline() throws IOException {
    server = LocalServer.open(dir, call -> REPORT, Duration.ofMillis(20));
    assertEquals(-1, answerBytes((byte) 0));
  }

  @Test
  void aLargeReplyArrivesWhole() {
    LocalReply large = LocalReply.newBuilder()
        .setHealth(LocalHealthReport.newBuilder().setSoftware("x".repeat(LocalFrames.LIMIT - 100))).build();
    open(call -> large);
    assertEquals(large, call(HEALTH));
  }

  @Test
  void theReplyToAStopGoesOutBeforeTheServerIsClosed() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    open(call -> {
      new Thread(() -> {
        stopping.countDown();
        server.close();
        stopped.complete(null);
      }).start();
      stopping.await();
      return LocalReply.newBuilder().setDone(Done.getDefaultInstance()).build();
    });
    assertTrue(call(LocalCall.newBuilder().setStop(LocalStop.getDefaultInstance()).build()).hasDone());
    stopped.get(60, TimeUnit.SECONDS);
    assertFalse(Files.exists(server.socket()));
  }

  @Test
  void aPathTooLongForASocketIsSaid() throws IOException {
    Path deep = Files.createDirectory(dir.resolve("x".repeat(110)));
    SluiceException e = assertThrows(SluiceException.class, () -> LocalServer.open(deep, call -> REPORT));
    assertEquals(ErrorCode.IO, e.code());
    assertTrue(e.correction().contains("path"), e.correction());
  }
}
