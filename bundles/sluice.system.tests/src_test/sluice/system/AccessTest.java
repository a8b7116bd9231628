package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Invariant 9: who may not, gets nothing and learns nothing but that. */
class AccessTest {
  private static Cluster cluster;
  private static Host h1;
  private static Host h2;
  private static int port;

  @BeforeAll
  static void twoHostsAndAVolumeOfTheFirst() {
    cluster = Cluster.start("ac");
    port = Integer.parseInt(cluster.listen.get(0).replaceAll(".*:", ""));
    cluster.pool("gold", cluster.disk("d1", 128));
    cluster.ok("volume", "create", "secret-volume", "--size", "32M", "--pool", "gold");
    cluster.ok("volume", "create", "other-volume", "--size", "32M", "--pool", "gold");
    h1 = cluster.host("h1");
    h2 = cluster.host("h2");
    h1.attach("secret-volume");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static Tool.Result nbdinfo(Path certificates, String export) {
    String tls = certificates == null ? "" : "?tls-certificates=" + certificates;
    return Tool.run("nbdinfo", "nbds://127.0.0.1:" + (port + 1) + "/" + export + tls);
  }

  private static Path identity(Host h) {
    return h.dir.resolve("identity");
  }

  @Test
  void theHolderReachesItsVolumeThroughTheServerWithAStandardClient() {
    assertTrue(nbdinfo(identity(h1), "secret-volume").ok().out().contains("33554432"));
  }

  @Test
  void aHostCannotTellAVolumeItMayNotHaveFromOneThatIsNotThere() {
    Tool.Result forbidden = nbdinfo(identity(h2), "secret-volume");
    Tool.Result absent = nbdinfo(identity(h2), "absent-volume");
    assertNotEquals(0, forbidden.exit());
    assertEquals(absent.err().replace("absent-volume", "X"), forbidden.err().replace("secret-volume", "X"));
    String list = Tool.run("nbdinfo", "--list", "nbds://127.0.0.1:" + (port + 1) + "/?tls-certificates=" + identity(h2)).out();
    assertFalse(list.contains("secret-volume"), list);
  }

  @Test
  void withoutTlsTheBlockPortGivesNothing() {
    Tool.Result plain = Tool.run("nbdinfo", "nbd://127.0.0.1:" + (port + 1) + "/secret-volume");
    assertNotEquals(0, plain.exit());
    Tool.Result list = Tool.run("nbdinfo", "--list", "nbd://127.0.0.1:" + (port + 1));
    assertFalse(list.out().contains("secret"), list.out());
  }

  @Test
  void plainTextToTheControlPortGetsNoAnswerInPlainText() throws IOException {
    try (Socket s = new Socket("127.0.0.1", port)) {
      s.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = s.getInputStream()) {
        byte[] answer = in.readNBytes(1000);
        assertFalse(new String(answer, StandardCharsets.ISO_8859_1).toLowerCase().contains("sluice"));
      }
    }
  }

  @Test
  void aTokenIsGoodOnce() {
    String token = cluster.ok("host", "token", "h3", "-q").trim();
    try (Host h3 = new Host(cluster, cluster.listen.get(0), "h3", token)) {
      assertTrue(h3.agent().alive());
    }
    Tool.Result again = Tool.run(cluster.environment(),
        List.of(Cluster.sluice(), "agent", "--dir", cluster.dir.resolve("h3b").toString(), "--server", cluster.listen.get(0), "--token", token));
    assertNotEquals(0, again.exit());
    assertTrue(again.err().contains("token") && !again.err().contains("Exception"), again.err());
  }

  @Test
  void aTokenOfAnotherClusterIsNotBelieved() {
    String token = cluster.ok("host", "token", "h4", "-q").trim();
    try (Cluster other = Cluster.start("ad")) {
      Tool.Result wrong = Tool.run(cluster.environment(),
          List.of(Cluster.sluice(), "agent", "--dir", cluster.dir.resolve("h4").toString(), "--server", other.listen.get(0), "--token", token));
      assertNotEquals(0, wrong.exit());
      assertFalse(wrong.err().contains("Exception"), wrong.err());
    }
  }

  @Test
  void aHostSeesAndChangesOnlyItsOwn() {
    String mine = cluster.ok("volume", "list", "--identity", h1.dir.toString());
    assertTrue(mine.contains("secret-volume"), mine);
    assertFalse(mine.contains("other-volume"), mine);
    Tool.Result delete = cluster.cli("volume", "delete", "other-volume", "--identity", h1.dir.toString());
    Tool.Result absent = cluster.cli("volume", "delete", "absnt-volume", "--identity", h1.dir.toString());
    assertEquals(3, delete.exit(), delete.err());
    assertEquals(absent.err().replace("absnt-volume", "X"), delete.err().replace("other-volume", "X"));
    assertTrue(cluster.ok("volume", "list").contains("other-volume"), "it is still there");
  }

  @Test
  void aViewerSeesAndDoesNotChange() {
    cluster.ok("user", "add", "eve", "--role", "viewer");
    String token = cluster.ok("user", "token", "eve", "-q").trim();
    Map<String, String> eve = Map.of("SLUICE_CONFIG", cluster.dir.resolve("eve").toString());
    Tool.run(eve, List.of(Cluster.sluice(), "user", "join", "--server", cluster.listen.get(0), "--token", token)).ok();
    assertTrue(Tool.run(eve, List.of(Cluster.sluice(), "volume", "list")).ok().out().contains("other-volume"));
    Tool.Result create = Tool.run(eve, List.of(Cluster.sluice(), "volume", "create", "mine", "--size", "1M", "--pool", "gold"));
    assertEquals(8, create.exit(), create.err());
    assertTrue(cluster.ok("audit", "list").contains("eve"));
  }

  @Test
  void aHostThatIsRemovedIsOutAtOnce() {
    Host h5 = cluster.host("h5");
    cluster.ok("volume", "create", "v5", "--size", "8M", "--pool", "gold");
    h5.attach("v5");
    cluster.ok("volume", "detach", "v5", "h5");
    cluster.ok("host", "remove", "h5");
    assertNotEquals(0, nbdinfo(identity(h5), "v5").exit());
    Await.until("its agent says that it is refused", () -> h5.agent().output().contains("refused") || !h5.agent().alive());
  }
}
