package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two hosts write disjoint halves of a shared mirror: while its copies are compared, a disk dies, and the server dies in the rebuild. */
@Tag("campaign")
class VerifyTest {
  private static final int HALF_MB = 24;

  private static JsonNode task(Mirror m) {
    JsonNode newest = null;
    for (JsonNode t : m.cluster.json("task", "list")) {
      if (t.path("kind").asText().equals("verify") && (newest == null || t.path("created_ms").asLong() >= newest.path("created_ms").asLong())) newest = t;
    }
    return newest;
  }

  private static JsonNode verified(Mirror m, String... more) {
    java.util.List<String> command = new java.util.ArrayList<>(List.of("volume", "verify", "v1"));
    command.addAll(List.of(more));
    m.cluster.ok(command.toArray(String[]::new));
    Await.until("the verification ends", () -> task(m).path("state").asText().equals("done"));
    return task(m).path("verification");
  }

  private static boolean alarmed(Mirror m) {
    return m.cluster.cli("alert", "list").out().contains("differ");
  }

  @Test
  void copiesAreComparedWhileHostsWriteAndWhatWasSpoiledIsFoundAndRepaired() {
    try (Mirror m = new Mirror("ve", 3, 128)) {
      m.awaitDisks();
      m.cluster.ok("pool", "set", "gold", "--recovery-wait", "3s", "--recovery-max", "none");
      m.cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold", "--legs", "2", "--shared");
      Host h1 = m.cluster.host("h1");
      Host h2 = m.cluster.host("h2");
      String uri1 = h1.attach("v1");
      String uri2 = h2.attach("v1");
      h1.awaitRoute("v1", "direct");
      h2.awaitRoute("v1", "direct");
      Fio first = Fio.gently(m.cluster.dir, uri1, 0, HALF_MB);
      Fio second = Fio.gently(m.cluster.dir, uri2, HALF_MB, HALF_MB);
      Await.until("both write", () -> writes(h1) > 50 && writes(h2) > 50);

      assertEquals(0, verified(m).path("different_bytes").asLong(), "under load");

      m.disks.get(m.disksOf("v1").get(1)).kill();
      Await.until("the rebuild runs or is over", () -> m.states("v1").contains("filling") || !m.disks.isEmpty() && m.states("v1").equals(List.of("in_sync", "in_sync"))
          && m.cluster.json("task", "list").toString().contains("recovery"));
      m.cluster.server().kill();
      m.cluster.startServer();
      m.awaitHealthy("v1", 2);
      long before = writes(h1);
      Await.until("they go on", () -> writes(h1) > before);

      // Nobody writes here, so it stays as it is until it is repaired.
      m.spoil("v1", 1, 56 << 20, 8192);
      JsonNode found = verified(m);
      assertEquals(8192, found.path("different_bytes").asLong(), found.toString());
      assertEquals(56 << 20, found.path("ranges").path(0).path("start_bytes").asLong());
      assertTrue(found.path("ranges").path(0).path("text").asText().contains("not known"), found.toString());
      Await.until("there is an alert", () -> alarmed(m));
      assertEquals(0, verified(m, "--repair").path("repaired_bytes").asLong(), "of two that differ nobody knows");
      assertEquals(8192, verified(m, "--repair-from", "1").path("repaired_bytes").asLong());
      Await.until("the alert is over", () -> !alarmed(m));
      assertEquals(0, verified(m).path("different_bytes").asLong());

      first.stop();
      second.stop();
      assertEquals(0, h1.route("v1").path("counters").path("errors").asLong());
      assertEquals(0, h2.route("v1").path("counters").path("errors").asLong());
      m.cluster.ok("volume", "detach", "v1", "h1");
      m.cluster.ok("volume", "detach", "v1", "h2");
      List<String> digests = m.digests("v1");
      assertEquals(1, new HashSet<>(digests).size(), "the legs differ: " + digests);
      assertFalse(m.cluster.cli("volume", "verify", "v1", "--repair-from", "3").exit() == 0);
    }
  }

  private static long writes(Host host) {
    return host.route("v1").path("counters").path("writes").asLong();
  }
}
