package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
  void aTokenThatHasExpiredIsRefused() throws IOException {
    JsonNode made = cluster.json("host", "token", "h6", "--valid", "1s");
    Await.until("a second has passed", () -> System.currentTimeMillis() > made.path("expires_ms").asLong());
    Tool.Result late = Tool.run(cluster.environment(), List.of(Cluster.sluice(), "agent", "--dir", cluster.dir.resolve("h6").toString(), "--server",
        cluster.listen.get(0), "--token", made.path("token").asText()));
    assertNotEquals(0, late.exit());
    assertTrue(late.err().contains("refused") && late.err().contains("token") && !late.err().contains("Exception"), late.err());
  }

  @Test
  void aHostThatMayReadCannotWriteByEitherRoute() {
    cluster.ok("volume", "create", "readable", "--size", "8M", "--pool", "gold");
    cluster.ok("volume", "grant", "readable", "h2", "--read-only");
    assertEquals(8, cluster.cli("volume", "attach", "readable", "h2").exit(), "nothing that was not granted");
    String uri = cluster.json("volume", "attach", "readable", "h2", "--read-only").path("uri").asText();
    String byServer = "nbds://127.0.0.1:" + (port + 1) + "/readable?tls-certificates=" + identity(h2);
    for (String way : List.of(uri, byServer)) {
      assertTrue(Tool.run("nbdinfo", "--json", way).ok().out().contains("is_read_only\": true"), way);
      // a client that does not care what it was told
      String script = "import nbd, sys\nh = nbd.NBD()\nh.set_uri_allow_local_file(True)\nh.set_strict_mode(0)\nh.connect_uri(sys.argv[1])\n"
          + "assert h.pread(512, 0) == bytes(512)\n"
          + "try:\n  h.pwrite(b'x' * 512, 0)\nexcept nbd.Error as e:\n  print('refused', e.errno)\nassert h.pread(512, 0) == bytes(512)\n";
      String said = Tool.run("/usr/bin/python3", "-c", script, way).ok().out();
      assertTrue(said.contains("refused EPERM") || said.contains("refused EROFS"), said);
    }
    cluster.ok("volume", "detach", "readable", "h2");
  }

  @Test
  void aTokenOfAnotherClusterIsNotBelieved() throws IOException {
    String token = cluster.ok("host", "token", "h4", "-q").trim();
    try (Cluster other = Cluster.start("ad")) {
      Tool.Result wrong = Tool.run(cluster.environment(),
          List.of(Cluster.sluice(), "agent", "--dir", cluster.dir.resolve("h4").toString(), "--server", other.listen.get(0), "--token", token));
      assertNotEquals(0, wrong.exit());
      assertFalse(wrong.err().contains("Exception"), wrong.err());

      // its administrator's certificate, with this cluster's authority, so that it is the server who has to refuse
      Path mixed = Files.createDirectory(cluster.dir.resolve("mixed"));
      Files.copy(identity(h1).resolve("ca-cert.pem"), mixed.resolve("ca-cert.pem"));
      try (Stream<Path> files = Files.walk(other.config)) {
        for (Path f : files.filter(f -> f.getFileName().toString().startsWith("client-")).toList()) Files.copy(f, mixed.resolve(f.getFileName()));
      }
      assertNotEquals(0, nbdinfo(mixed, "secret-volume").exit());
      String list = Tool.run("nbdinfo", "--list", "nbds://127.0.0.1:" + (port + 1) + "/?tls-certificates=" + mixed).out();
      assertFalse(list.contains("secret-volume"), list);
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
