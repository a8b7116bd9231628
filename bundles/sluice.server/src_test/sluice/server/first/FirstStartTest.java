package sluice.server.first;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.MemoryCatalogEngine;
import sluice.client.Profiles;
import sluice.core.catalog.CatalogView;
import sluice.net.HostPort;
import sluice.net.pki.Identity;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.User;

class FirstStartTest {
  private static final List<HostPort> ADDRESSES = List.of(new HostPort("127.0.0.1", 7440));
  @TempDir Path temp;
  private CatalogState catalog = CatalogState.getDefaultInstance();

  /** A crash, right after a step. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void start(Path dir, Path config, Consumer<String> step) {
    FirstStart first = FirstStart.identify(dir, "c1", List.of("localhost"), step);
    try (MemoryCatalogEngine engine = new MemoryCatalogEngine(catalog)) {
      try {
        first.initialise(engine);
        first.credential(config, ADDRESSES);
      } finally {
        // What the engine has confirmed outlives the crash.
        catalog = engine.state();
      }
    }
  }

  private static List<String> steps(Path dir, Path config, FirstStartTest test) {
    List<String> steps = new ArrayList<>();
    test.start(dir, config, steps::add);
    return steps;
  }

  @Test
  void aStartThatCrashedAfterAnyStepIsFinishedByTheNextOneAndNothingIsMadeTwice() throws IOException {
    List<String> steps = steps(Files.createDirectory(temp.resolve("whole")), temp.resolve("config"), this);
    assertEquals(List.of("ids", "authority", "identity", "administrator's key", "cluster", "credential", "done"), steps);
    for (String last : steps) {
      catalog = CatalogState.getDefaultInstance();
      Path dir = Files.createDirectory(temp.resolve("crash after " + last));
      Path config = temp.resolve("config after " + last);
      assertThrows(Crash.class, () -> start(dir, config, step -> {
        if (step.equals(last)) throw new Crash();
      }));
      start(dir, config, step -> {});
      Identity admin = new Profiles(config).requireCurrent().identity();
      try (MemoryCatalogEngine engine = new MemoryCatalogEngine(catalog)) {
        User user = engine.read(v -> v.userByCertificate(admin.self().certificateSha256())).orElseThrow();
        assertEquals(Role.ADMIN, user.getRole());
        assertEquals(1, engine.read(CatalogView::users).size());
      }
      assertEquals(1, new Profiles(config).list().size(), last);
      assertFalse(Files.exists(dir.resolve("first-admin")), last);
    }
  }

  @Test
  void aSecondStartChangesNothing() throws IOException {
    Path dir = Files.createDirectory(temp.resolve("s"));
    start(dir, temp.resolve("c"), s -> {});
    FirstStart again = FirstStart.identify(dir, "another name", List.of("localhost"));
    assertEquals("c1", again.folder().clusterName());
    assertEquals(again.identity().self().clusterId(), again.folder().clusterId());
  }

  @Test
  void aClusterOfTheSameNameInTheConfigFolderIsLeftAlone() throws IOException {
    start(Files.createDirectory(temp.resolve("a")), temp.resolve("c"), s -> {});
    catalog = CatalogState.getDefaultInstance();
    start(Files.createDirectory(temp.resolve("b")), temp.resolve("c"), s -> {});
    assertEquals(List.of("c1", "c1-2"), new Profiles(temp.resolve("c")).list());
  }

  @Test
  void aFolderOfANewerVersionOrOfAnAgentIsRefusedWithWhatToDo() throws IOException {
    Path newer = Files.createDirectory(temp.resolve("newer"));
    Files.writeString(newer.resolve("server.properties"), "format=2\n");
    SluiceException e = assertThrows(SluiceException.class, () -> FirstStart.identify(newer, "c1", List.of()));
    assertEquals(ErrorCode.CONFLICT, e.code());
    assertTrue(e.getMessage().contains("newer version"), e.getMessage());
    Path agent = Files.createDirectory(temp.resolve("agent"));
    Files.writeString(agent.resolve("cluster.properties"), "x=y\n");
    assertEquals(ErrorCode.CONFLICT, assertThrows(SluiceException.class, () -> FirstStart.identify(agent, "c1", List.of())).code());
  }

  @Test
  void aServerThatListensElsewhereGetsACertificateForThat() throws IOException {
    Path dir = Files.createDirectory(temp.resolve("s"));
    Identity before = FirstStart.identify(dir, "c1", List.of("localhost")).identity();
    Identity same = FirstStart.identify(dir, "c1", List.of("localhost")).identity();
    assertEquals(before.self(), same.self());
    Identity moved = FirstStart.identify(dir, "c1", List.of("localhost", "10.0.0.1")).identity();
    assertEquals(before.id(), moved.id());
    assertFalse(before.self().equals(moved.self()));
  }
}
