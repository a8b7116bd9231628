package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A host whose direct way fails in every manner, while fio writes and verifies: it must never notice. */
class RerouteTest {
  private static Cluster cluster;
  private static NbdkitDisk san;
  private static Host h1;
  private static String uri;

  @BeforeAll
  static void aHostWithItsOwnWayToTheDisk() {
    cluster = Cluster.start("rr");
    Path d1 = cluster.disk("d1", 256);
    cluster.pool("gold", d1);
    cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold");
    san = new NbdkitDisk(cluster.dir, "d1", d1);
    h1 = cluster.host("h1", "--disk", san.uri(), "--only-own-disks");
    uri = h1.attach("v1");
    h1.awaitRoute("v1", "direct");
  }

  @AfterAll
  static void stop() {
    cluster.close();
    san.close();
  }

  @AfterEach
  void asBefore() {
    san.mend();
    if (!cluster.server().alive()) cluster.startServer();
    cluster.ok("bundle", "start", "sluice.agent.direct", "--dir", h1.dir.toString());
    h1.awaitRoute("v1", "direct");
  }

  private static void whileVerifying(Runnable trouble) {
    long before = writes();
    Fio fio = Fio.verifying(cluster.dir, uri);
    Await.until("fio writes", () -> writes() > before);
    trouble.run();
    long after = writes();
    Await.until("fio goes on writing", () -> writes() > after);
    fio.stop();
  }

  private static long writes() {
    return h1.route("v1").path("counters").path("writes").asLong();
  }

  @Test
  void errorsOfTheDiskAreReroutedAndTheWayBackIsTaken() {
    whileVerifying(() -> {
      san.fail();
      h1.awaitRoute("v1", "server");
      JsonNode route = h1.route("v1");
      assertTrue(route.path("reason").asText().contains("d1"), route.toString());
      assertTrue(route.path("since_ms").asLong() > 0, route.toString());
      san.recover();
      h1.awaitRoute("v1", "direct");
    });
  }

  @Test
  void aPathThatIsKilledAndComesBack() {
    whileVerifying(() -> {
      san.kill();
      h1.awaitRoute("v1", "server");
      san.start();
      h1.awaitRoute("v1", "direct");
    });
  }

  @Test
  void aPathThatHangsAndGoesOn() {
    whileVerifying(() -> {
      san.hang();
      h1.awaitRoute("v1", "server");
      san.goOn();
      h1.awaitRoute("v1", "direct");
    });
  }

  @Test
  void theDirectBundleIsStoppedUpdatedAndStarted() throws IOException {
    String dir = h1.dir.toString();
    whileVerifying(() -> {
      cluster.ok("bundle", "stop", "sluice.agent.direct", "--dir", dir);
      h1.awaitRoute("v1", "server");
      cluster.ok("bundle", "start", "sluice.agent.direct", "--dir", dir);
      h1.awaitRoute("v1", "direct");
      cluster.ok("bundle", "update", "sluice.agent.direct", "--dir", dir);
      h1.awaitRoute("v1", "direct");
    });
    String log = Files.readString(h1.dir.resolve("log/agent.log"));
    assertTrue(log.contains("volume v1: SERVER: the direct-route bundle was stopped") && log.contains("volume v1: direct"), log);
  }

  @Test
  void theServerIsKilledAndRestarted() {
    whileVerifying(() -> {
      cluster.server().kill();
      cluster.startServer();
      Await.until("the host is back", () -> cluster.json("host", "show", "h1").path("state").asText().equals("online"));
    });
    assertEquals("direct", h1.route("v1").path("route").asText());
  }
}
