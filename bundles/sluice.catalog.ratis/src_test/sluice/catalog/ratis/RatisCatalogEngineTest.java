package sluice.catalog.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.MemberStatus;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;

class RatisCatalogEngineTest {
  @TempDir Path temp;
  private RatisCatalogEngine engine;

  private void open(long snapshotEvery) {
    engine = RatisCatalogEngine.open(temp.resolve("catalog"), snapshotEvery, Duration.ofSeconds(10));
  }

  private void reopen(long snapshotEvery) {
    engine.close();
    open(snapshotEvery);
  }

  private long revision() {
    return engine.<Long>read(v -> v.revision());
  }

  @AfterEach
  void close() {
    if (engine != null) engine.close();
  }

  @Test
  void aCommandIsAppliedAndSeenByWhoReadsAfterIt() throws Exception {
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    CommandResult r = Commands.apply(engine, Commands.user("u1"));
    assertEquals(r.getRevision(), revision());
    assertTrue(Commands.names(engine).contains("u1"));
  }

  @Test
  void theSameRequestAgainHasTheSameResultAndNoEffect() throws Exception {
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    CommandResult first = Commands.apply(engine, Commands.user("u1"));
    assertEquals(first, Commands.apply(engine, Commands.user("u1")));
    reopen(10_000);
    assertEquals(first, Commands.apply(engine, Commands.user("u1")));
  }

  @Test
  void aRefusalOfTheCatalogIsAResult() throws Exception {
    open(10_000);
    CommandResult r = engine.submit(Commands.user("NOT A NAME")).toCompletableFuture().get(60, TimeUnit.SECONDS);
    assertTrue(r.hasProblem(), r::toString);
  }

  @Test
  void everythingIsThereAgainAfterARestartFromTheLog() throws Exception {
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    Commands.users(engine, "u", 0, 50);
    var before = Commands.names(engine);
    long revision = revision();
    for (int i = 0; i < 3; i++) {
      reopen(10_000);
      assertEquals(before, Commands.names(engine));
      assertEquals(revision, revision());
    }
    assertTrue(Commands.apply(engine, Commands.user("later")).getRevision() > revision);
  }

  @Test
  void everythingIsThereAgainAfterARestartFromASnapshotAndTheLogSinceIt() throws Exception {
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    Commands.users(engine, "u", 0, 30);
    engine.snapshot().toCompletableFuture().get(60, TimeUnit.SECONDS);
    Commands.users(engine, "v", 0, 5);
    var before = Commands.names(engine);
    long revision = revision();
    reopen(10_000);
    assertEquals(before, Commands.names(engine));
    assertEquals(revision, revision());
  }

  @Test
  void theLogIsShortenedBySnapshotsOfItsOwn() throws Exception {
    open(20);
    Commands.apply(engine, Commands.cluster());
    Commands.users(engine, "u", 0, 200);
    reopen(20);
    Commands.users(engine, "w", 0, 30);
    var before = Commands.names(engine);
    reopen(20);
    assertEquals(before, Commands.names(engine));
    Path snapshots = temp.resolve("catalog").resolve(RaftSettings.GROUP.getUuid().toString()).resolve("sm");
    try (var files = Files.list(snapshots)) {
      long n = files.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+")).count();
      assertTrue(n >= 1 && n <= 2, n + " snapshots are kept");
    }
  }

  @Test
  void manyCommandsAtOnceAllArriveAndChangesAreToldOnceAndInOrder() throws Exception {
    open(100);
    Commands.apply(engine, Commands.cluster());
    BlockingQueue<CatalogDelta> told = new LinkedBlockingQueue<>();
    long from = revision();
    assertTrue(engine.subscribe(from, told::add));
    List<CompletionStage<CommandResult>> all = new ArrayList<>();
    for (int i = 0; i < 500; i++) all.add(engine.submit(Commands.user("u" + i)));
    for (CompletionStage<CommandResult> one : all) assertTrue(one.toCompletableFuture().get(60, TimeUnit.SECONDS).hasApplied());
    long last = from;
    for (int i = 0; i < 500; i++) {
      CatalogDelta delta = told.poll(60, TimeUnit.SECONDS);
      assertTrue(delta != null && delta.getRevision() > last, "delta " + i + " after " + last);
      last = delta.getRevision();
    }
    assertTrue(told.isEmpty());
  }

  @Test
  void afterARestartAListenerGoesOnFromWhatItKnows() throws Exception {
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    long known = Commands.apply(engine, Commands.user("u1")).getRevision();
    Commands.apply(engine, Commands.user("u2"));
    reopen(10_000);
    BlockingQueue<CatalogDelta> told = new LinkedBlockingQueue<>();
    assertTrue(engine.subscribe(known, told::add));
    long next = Commands.apply(engine, Commands.user("u3")).getRevision();
    assertTrue(told.poll(60, TimeUnit.SECONDS).getRevision() > known);
    assertEquals(next, told.poll(60, TimeUnit.SECONDS).getRevision());
  }

  @Test
  void afterARestartFromASnapshotAListenerThatKnowsLessMustReadTheWholeState() throws Exception {
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    long known = Commands.apply(engine, Commands.user("u1")).getRevision();
    Commands.apply(engine, Commands.user("u2"));
    engine.snapshot().toCompletableFuture().get(60, TimeUnit.SECONDS);
    reopen(10_000);
    assertFalse(engine.subscribe(known, d -> {}));
    assertTrue(engine.subscribe(revision(), d -> {}));
  }

  @Test
  void theMemberIsTheSameAfterARestart() {
    open(10_000);
    MemberStatus before = engine.members().get(0);
    assertEquals(MemberStatus.Role.LEADER, before.role());
    assertEquals("", before.address());
    reopen(10_000);
    assertEquals(before.id(), engine.members().get(0).id());
    assertTrue(engine.failure().isEmpty());
  }

  @Test
  void aSecondEngineOnTheSameDirectoryIsRefused() throws Exception {
    open(10_000);
    SluiceException e = assertThrows(SluiceException.class, () -> RatisCatalogEngine.open(temp.resolve("catalog")));
    assertEquals(ErrorCode.CONFLICT, e.code());
    Commands.apply(engine, Commands.cluster());
  }

  @Test
  void aChangeOfAnUnknownKindDoesNotGetIntoTheLog() throws Exception {
    open(10_000);
    assertEquals(ErrorCode.INVALID_ARGUMENT, failure(engine.submit(Command.getDefaultInstance())).code());
    Commands.apply(engine, Commands.cluster());
    reopen(10_000);
  }

  @Test
  void aChangeAsLargeAsAFrameIsTakenAndALargerOneIsNot() throws Exception {
    open(10_000);
    Command large = Commands.cluster().toBuilder().setRequestId("x".repeat(RaftSettings.MAX_COMMAND_BYTES - 200)).build();
    // the catalog refuses such an id; that it could is what is shown
    assertTrue(engine.submit(large).toCompletableFuture().get(60, TimeUnit.SECONDS).hasProblem());
    Command larger = large.toBuilder().setRequestId("x".repeat(RaftSettings.MAX_COMMAND_BYTES)).build();
    assertEquals(ErrorCode.INVALID_ARGUMENT, failure(engine.submit(larger)).code());
    reopen(10_000);
    Commands.apply(engine, Commands.cluster());
  }

  @Test
  void afterClosingCommandsFailAndClosingAgainDoesNothing() {
    open(10_000);
    engine.close();
    engine.close();
    assertEquals(ErrorCode.UNAVAILABLE, failure(engine.submit(Commands.cluster())).code());
    assertTrue(engine.failure().isEmpty());
  }

  private static SluiceException failure(CompletionStage<?> stage) {
    ExecutionException e =
        assertThrows(ExecutionException.class, () -> stage.toCompletableFuture().get(60, TimeUnit.SECONDS));
    return assertInstanceOf(SluiceException.class, e.getCause());
  }

  @Test
  void aDirectoryThatCannotBeUsedIsSaid() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    SluiceException e = assertThrows(SluiceException.class, () -> RatisCatalogEngine.open(file.resolve("catalog")));
    assertEquals(ErrorCode.IO, e.code());
    assertTrue(e.why().contains(file.toString()), e.why());
  }

  /** The kernel's own table of this process's sockets: nobody can connect to what does not listen. */
  @Test
  void nothingListens() throws Exception {
    List<String> before = listening();
    open(10_000);
    Commands.apply(engine, Commands.cluster());
    assertEquals(before, listening());
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(before.size() + 1, listening().size(), "the table does not show " + one);
    }
  }

  private static List<String> listening() throws IOException {
    List<String> own = new ArrayList<>();
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path d : descriptors.toList()) {
        String target = Files.isSymbolicLink(d) ? Files.readSymbolicLink(d).toString() : "";
        if (target.startsWith("socket:[")) own.add(target.substring(8, target.length() - 1));
      }
    }
    List<String> found = new ArrayList<>();
    for (String table : new String[] {"tcp", "tcp6"}) {
      for (String line : Files.readAllLines(Path.of("/proc/self/net/" + table))) {
        String[] words = line.trim().split("\\s+");
        // 0A is LISTEN; the tenth word is the socket's inode
        if (words.length > 9 && words[3].equals("0A") && own.contains(words[9])) found.add(words[1]);
      }
    }
    return found;
  }
}
