package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Volumes that are moved to other disks and other stripes while fio writes to them and verifies, with the server and the agent
 * killed and a disk failing in the middle. fio must never notice, and everything must be there afterwards.
 */
@Tag("campaign")
class MoveTest {
  private static final Duration LONG = Duration.ofSeconds(180);
  private static Mirror m;
  private static Host h1;
  private static int volumes;
  private String v;
  private String uri;
  private Fio fio;

  @BeforeAll
  static void fourDisksAndAHost() {
    m = new Mirror("mv", 4, 256);
    h1 = m.cluster.host("h1");
  }

  @AfterAll
  static void stop() {
    m.close();
  }

  /** A volume in use, with a part that nothing writes any more, to be found again at the end. */
  private void volume(int legs) {
    m.disks.values().forEach(NbdkitDisk::mend);
    m.awaitDisks();
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "3s", "--recovery-max", "none");
    for (String d : m.disks.keySet()) if (isThere(d)) m.cluster.ok("disk", "set", d, "--no-closed");
    v = "v" + ++volumes;
    m.cluster.ok("volume", "create", v, "--size", "80M", "--pool", "gold", "--legs", Integer.toString(legs));
    uri = h1.attach(v);
    h1.awaitRoute(v, "direct");
    Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 64M 16M", "-c", "flush", uri).ok();
    fio = Fio.verifying(m.cluster.dir, uri);
    awaitWriting();
  }

  private static boolean isThere(String disk) {
    for (JsonNode d : m.cluster.json("disk", "list")) if (d.path("name").asText().equals(disk)) return true;
    return false;
  }

  private long writes() {
    return h1.route(v).path("counters").path("writes").asLong();
  }

  private void awaitWriting() {
    long before = writes();
    Await.until("fio writes", () -> writes() > before + 50);
  }

  private void allIsWell(int legs) {
    awaitWriting();
    fio.stop();
    assertEquals(0, h1.route(v).path("counters").path("errors").asLong(), h1.route(v).toString());
    everythingIsThere();
    m.cluster.ok("volume", "detach", v, "h1");
    if (legs > 1) {
      List<String> digests = m.digests(v);
      assertEquals(legs, digests.size());
      assertEquals(1, new HashSet<>(digests).size(), "the legs differ: " + digests);
    }
    m.cluster.ok("volume", "delete", v);
    // No space has leaked: nothing is left of it anywhere.
    for (JsonNode d : m.cluster.json("disk", "list")) assertEquals(0, d.path("allocated_bytes").asLong(), d.toString());
  }

  private void everythingIsThere() {
    String said = Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 64M 16M", uri).ok().out();
    assertFalse(said.contains("failed"), said);
  }

  private static JsonNode task(String kind) {
    JsonNode newest = null;
    for (JsonNode t : m.cluster.json("task", "list")) {
      boolean its = t.path("kind").asText().equals(kind);
      if (its && (newest == null || t.path("created_ms").asLong() > newest.path("created_ms").asLong())) newest = t;
    }
    if (newest == null) throw new AssertionError("no task of kind " + kind);
    return newest;
  }

  private static void awaitDone(String kind) {
    Await.until(LONG, () -> kind + " is done: " + task(kind) + "\n" + m.cluster.cli("status").out() + m.cluster.cli("task", "list").out(), () -> {
      JsonNode t = task(kind);
      long done = t.path("status").path("done_bytes").asLong();
      assertTrue(done <= t.path("move").path("total_bytes").asLong(), t.toString());
      return t.path("state").asText().equals("done");
    });
    JsonNode work = task(kind).path("move");
    assertEquals(work.path("total_bytes").asLong(), work.path("moved_bytes").asLong(), "it ends at exactly 100 %");
  }

  private void awaitUnderWay(String kind) {
    Await.until("the " + kind + " copies", () -> m.states(v).contains("filling") && task(kind).path("status").path("done_bytes").asLong() > 0);
  }

  private static long on(String disk) {
    for (JsonNode d : m.cluster.json("disk", "list")) if (d.path("name").asText().equals(disk)) return d.path("allocated_bytes").asLong();
    throw new AssertionError("no disk " + disk);
  }

  private int stripes() {
    return m.cluster.json("volume", "show", v).path("stripes").asInt();
  }

  @Test
  void aDiskIsEvacuatedThoughTheServerIsKilledInTheMiddle() {
    volume(2);
    String d = m.disksOf(v).get(0);
    String plan = m.cluster.ok("disk", "evacuate", d, "--plan");
    assertTrue(plan.contains("80 MiB would be copied"), plan);
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "8MiB/s");
    m.cluster.ok("disk", "evacuate", d);
    assertTrue(m.cluster.ok("disk", "list").contains("(evacuating)"));
    awaitUnderWay("evacuate");
    m.cluster.server().kill();
    m.cluster.startServer();
    awaitWriting();
    Tool.Result twice = m.cluster.cli("volume", "relayout", v, "--stripes", "2");
    assertNotEquals(0, twice.exit());
    assertTrue(twice.err().contains("evacuation of disk " + d), twice.err());
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "none");
    awaitDone("evacuate");
    assertEquals(0, on(d));
    assertFalse(m.disksOf(v).contains(d));
    assertEquals(List.of("in_sync", "in_sync"), m.states(v));
    allIsWell(2);
  }

  @Test
  void aVolumeOfOneLegIsMovedThoughTheAgentIsKilledInTheMiddleAndIsPlainAgain() {
    volume(1);
    String d = m.cluster.json("disk", "list").findValuesAsText("name").stream().filter(n -> on(n) > 0).findFirst().orElseThrow();
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "8MiB/s");
    m.cluster.ok("disk", "evacuate", d);
    awaitUnderWay("evacuate");
    h1.agent().kill();
    h1.restart();
    h1.awaitRoute(v, "direct");
    fio = Fio.verifying(m.cluster.dir, uri);
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "none");
    awaitDone("evacuate");
    assertEquals(0, on(d));
    assertEquals(List.of(), m.states(v), "no write intents are left");
    allIsWell(1);
  }

  @Test
  void aDiskThatEverythingGoesToFailsAndItGoesElsewhere() {
    volume(2);
    String d = m.disksOf(v).get(0);
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "8MiB/s");
    m.cluster.ok("disk", "evacuate", d);
    awaitUnderWay("evacuate");
    String to = m.disksOf(v).get(2);
    m.disks.get(to).kill();
    awaitWriting();
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "none");
    awaitDone("evacuate");
    m.disks.get(to).start();
    assertFalse(m.disksOf(v).contains(d));
    m.awaitHealthy(v, 2);
    allIsWell(2);
  }

  @Test
  void stripesAreChangedAndACancelledChangeIsTakenBack() {
    volume(2);
    m.cluster.ok("volume", "relayout", v, "--stripes", "2");
    awaitDone("relayout");
    assertEquals(2, stripes());
    m.awaitHealthy(v, 2);
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "8MiB/s");
    m.cluster.ok("volume", "relayout", v, "--stripes", "1");
    awaitUnderWay("relayout");
    String id = task("relayout").path("id").asText();
    m.cluster.ok("task", "pause", id);
    assertEquals("paused", task("relayout").path("state").asText());
    m.cluster.ok("task", "resume", id);
    m.cluster.ok("task", "throttle", id, "4MiB/s");
    m.cluster.ok("task", "cancel", id);
    m.awaitHealthy(v, 2);
    assertEquals(2, stripes());
    Tool.Result resumed = m.cluster.cli("task", "resume", id);
    assertNotEquals(0, resumed.exit());
    assertTrue(resumed.err().contains("it has ended"), resumed.err());
    allIsWell(2);
  }

  @Test
  void aDiskIsReplacedByANewOneAndAFullOneCannotBeEvacuated() {
    volume(2);
    List<String> before = m.disksOf(v);
    List<String> others = m.disks.keySet().stream().filter(d -> !before.contains(d) && isThere(d)).toList();
    for (String d : others) m.cluster.ok("disk", "set", d, "--closed");
    Tool.Result nowhere = m.cluster.cli("disk", "evacuate", before.get(0));
    assertNotEquals(0, nowhere.exit());
    assertTrue(nowhere.err().contains("volume " + v) && nowhere.err().contains("takes no new extents"), nowhere.err());
    assertFalse(m.cluster.ok("disk", "list").contains("(evacuating)"), "nothing is left of what was refused");
    assertNotEquals(0, m.cluster.cli("disk", "remove", before.get(0)).exit());
    assertNotEquals(0, m.cluster.cli("volume", "relayout", v, "--stripes", "65").exit());
    m.cluster.ok("disk", "add", "file:" + m.cluster.disk("n1", 256), "--name", "n1");
    m.cluster.ok("disk", "replace", before.get(0), "n1");
    awaitDone("replace_disk");
    assertFalse(isThere(before.get(0)));
    assertTrue(m.cluster.json("disk", "scan", m.disks.get(before.get(0)).uri()).path(0).path("addable").asBoolean(), "its label is erased");
    awaitWriting();
    fio.stop();
    everythingIsThere();
    m.cluster.ok("volume", "detach", v, "h1");
    m.cluster.ok("volume", "delete", v);
    // As it was, for the others.
    m.cluster.ok("disk", "remove", "n1");
    m.cluster.ok("disk", "add", m.disks.get(before.get(0)).uri(), "--name", before.get(0));
    m.cluster.ok("pool", "add", "gold", before.get(0));
  }

  @Test
  void whatLiesOnAPoolIsSpreadOverANewDisk() {
    volume(2);
    List<String> before = m.disksOf(v);
    m.cluster.ok("pool", "rebalance", "gold");
    awaitDone("rebalance");
    assertTrue(m.disks.keySet().stream().allMatch(d -> on(d) > 0), m.cluster.ok("disk", "list"));
    assertEquals(List.of("in_sync", "in_sync"), m.states(v));
    assertEquals(2, new HashSet<>(before).size());
    allIsWell(2);
  }
}
