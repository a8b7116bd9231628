package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Volumes that are moved to other disks and other stripes while fio writes to them and verifies, with the server and the agent
 * killed and a disk failing in the middle. fio must never notice, and everything must be there afterwards. That it makes no difference
 * at which step somebody is killed is the simulator's to show.
 */
class MoveTest {
  private static final String V = "v1";
  private static final int SIZE_MB = 40;
  private static final int WRITTEN_MB = 24;
  private static Mirror m;
  private static Host h1;

  @BeforeAll
  static void fourDisksAndAHost() {
    m = new Mirror("mv", 4, 128);
    h1 = m.cluster.host("h1");
    m.awaitDisks();
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "2s", "--recovery-max", "none");
  }

  @AfterAll
  static void stop() {
    m.close();
  }

  private static void qemuIo(String uri, String... commands) {
    List<String> c = new java.util.ArrayList<>(List.of("qemu-io", "-f", "raw"));
    for (String command : commands) c.addAll(List.of("-c", command));
    c.add(uri);
    String said = Tool.run(c.toArray(String[]::new)).ok().out();
    assertFalse(said.contains("failed"), said);
  }

  /** A mirrored volume in use, with a part that nothing writes any more, to be found again at the end. */
  private static String volume() {
    m.cluster.ok("volume", "create", V, "--size", SIZE_MB + "M", "--pool", "gold", "--legs", "2");
    String uri = h1.attach(V);
    h1.awaitRoute(V, "direct");
    qemuIo(uri, "write -P 0x5a " + WRITTEN_MB + "M " + (SIZE_MB - WRITTEN_MB) + "M", "flush");
    return uri;
  }

  private static Fio writing(String uri) {
    Fio fio = Fio.gently(m.cluster.dir, uri, 0, WRITTEN_MB);
    awaitWriting();
    return fio;
  }

  private static long writes() {
    return h1.route(V).path("counters").path("writes").asLong();
  }

  private static void awaitWriting() {
    long before = writes();
    Await.until("fio writes", () -> writes() > before + 50);
  }

  private static void allIsWell(Fio fio, String uri) {
    awaitWriting();
    fio.stop();
    assertEquals(0, h1.route(V).path("counters").path("errors").asLong(), h1.route(V).toString());
    qemuIo(uri, "read -P 0x5a " + WRITTEN_MB + "M " + (SIZE_MB - WRITTEN_MB) + "M");
    assertEquals(List.of("in_sync", "in_sync"), m.states(V));
    List<String> digests = m.digests(V);
    assertEquals(1, new HashSet<>(digests).size(), "the legs differ: " + digests);
  }

  /** No space has leaked: nothing is left of it anywhere. */
  private static void away(String volume) {
    m.cluster.ok("volume", "detach", volume, "h1");
    m.cluster.ok("volume", "delete", volume);
    for (JsonNode d : m.cluster.json("disk", "list")) assertEquals(0, d.path("allocated_bytes").asLong(), d.toString());
  }

  /** So that whatever is to happen in the middle of a copy happens there, on any machine. */
  private static void copySlowly() {
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "1MiB/s");
  }

  private static void copyFast() {
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "none");
  }

  private static Tool.Result refused(String... arguments) {
    Tool.Result r = m.cluster.cli(arguments);
    assertNotEquals(0, r.exit(), r.out());
    return r;
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
    Await.until(java.time.Duration.ofSeconds(120), () -> kind + " is done: " + task(kind) + "\n" + m.cluster.cli("status").out()
        + m.cluster.cli("task", "list").out(), () -> task(kind).path("state").asText().equals("done"));
    JsonNode work = task(kind).path("move");
    assertEquals(work.path("total_bytes").asLong(), work.path("moved_bytes").asLong(), "it ends at exactly 100 %");
  }

  private static void awaitUnderWay(String volume, String kind) {
    Await.until("the " + kind + " copies",
        () -> task(kind).path("status").path("done_bytes").asLong() > 0 && m.states(volume).contains("filling"));
  }

  private static JsonNode disk(String name) {
    for (JsonNode d : m.cluster.json("disk", "list")) if (d.path("name").asText().equals(name)) return d;
    return null;
  }

  private static long on(String disk) {
    return disk(disk).path("allocated_bytes").asLong();
  }

  private static int stripes() {
    return m.cluster.json("volume", "show", V).path("stripes").asInt();
  }

  @Test
  void aDiskIsEvacuatedThoughTheServerIsKilledAndTheDiskFailsThatEverythingGoesTo() {
    String uri = volume();
    Fio fio = writing(uri);
    String d = m.disksOf(V).get(0);
    String plan = m.cluster.ok("disk", "evacuate", d, "--plan");
    assertTrue(plan.contains(SIZE_MB + " MiB would be copied"), plan);
    copySlowly();
    m.cluster.ok("disk", "evacuate", d);
    awaitUnderWay(V, "evacuate");
    String conflict = refused("volume", "relayout", V, "--stripes", "2").err();
    assertTrue(conflict.contains("evacuation of disk " + d), conflict);
    m.cluster.server().kill();
    m.cluster.startServer();
    awaitUnderWay(V, "evacuate");
    String to = m.disksOf(V).get(2);
    m.disks.get(to).kill();
    awaitWriting();
    copyFast();
    awaitDone("evacuate");
    m.disks.get(to).start();
    assertEquals(0, on(d));
    assertFalse(m.disksOf(V).contains(d));
    m.cluster.ok("disk", "set", d, "--no-closed");
    m.awaitHealthy(V, 2);
    m.awaitDisks();
    allIsWell(fio, uri);
    away(V);
  }

  @Test
  void aVolumeOfOneLegIsMovedThoughTheAgentIsKilledInTheMiddleAndIsPlainAgain() {
    m.cluster.ok("volume", "create", "plain", "--size", "16M", "--pool", "gold");
    String its = h1.attach("plain");
    h1.awaitRoute("plain", "direct");
    qemuIo(its, "write -P 0x71 0 16M", "flush");
    String d = m.disksOf("plain").get(0);
    copySlowly();
    m.cluster.ok("disk", "evacuate", d);
    awaitUnderWay("plain", "evacuate");
    h1.agent().kill();
    h1.restart();
    h1.awaitRoute("plain", "direct");
    copyFast();
    awaitDone("evacuate");
    assertEquals(0, on(d));
    assertEquals(List.of(), m.states("plain"), "no write intents are left");
    qemuIo(its, "read -P 0x71 0 16M");
    m.cluster.ok("disk", "set", d, "--no-closed");
    away("plain");
  }

  @Test
  void stripesAreChangedAndACancelledChangeIsTakenBackAndTheAgentMayDieInTheMiddle() {
    String uri = volume();
    Fio fio = writing(uri);
    copySlowly();
    m.cluster.ok("volume", "relayout", V, "--stripes", "2");
    awaitUnderWay(V, "relayout");
    String id = task("relayout").path("id").asText();
    m.cluster.ok("task", "pause", id);
    assertEquals("paused", task("relayout").path("state").asText());
    m.cluster.ok("task", "resume", id);
    m.cluster.ok("task", "throttle", id, "2MiB/s");
    m.cluster.ok("task", "cancel", id);
    m.awaitHealthy(V, 2);
    assertEquals(1, stripes());
    String ended = refused("task", "resume", id).err();
    assertTrue(ended.contains("it has ended") && ended.contains("sluice volume relayout " + V), ended);
    copyFast();
    m.cluster.ok("volume", "relayout", V, "--stripes", "2");
    awaitDone("relayout");
    assertEquals(2, stripes());
    allIsWell(fio, uri);
    copySlowly();
    m.cluster.ok("volume", "relayout", V, "--stripes", "1");
    awaitUnderWay(V, "relayout");
    h1.agent().kill();
    h1.restart();
    h1.awaitRoute(V, "direct");
    fio = writing(uri);
    copyFast();
    awaitDone("relayout");
    assertEquals(1, stripes());
    allIsWell(fio, uri);
    away(V);
  }

  /** First one that is there, then one that has died; what lies only on a dead one is not given up for it. */
  @Test
  void aDiskIsReplacedDeadOrAliveAndAFullOneCannotBeEvacuated() {
    String uri = volume();
    Fio fio = writing(uri);
    List<String> before = m.disksOf(V);
    String old = before.get(0);
    List<String> others = m.disks.keySet().stream().filter(d -> !before.contains(d) && disk(d) != null).toList();
    for (String d : others) m.cluster.ok("disk", "set", d, "--closed");
    String nowhere = refused("disk", "evacuate", old).err();
    assertTrue(nowhere.contains("volume " + V), nowhere);
    for (String d : others) assertTrue(nowhere.lines().anyMatch(l -> l.contains(d) && l.contains("takes no new extents")), nowhere);
    assertFalse(m.cluster.ok("disk", "list").contains("(evacuating)"), "nothing is left of what was refused");
    String used = refused("disk", "remove", old).err();
    assertTrue(used.contains(V), used);
    m.add("d5", 128, false);
    m.cluster.ok("disk", "replace", old, "d5");
    awaitDone("replace_disk");
    assertTrue(disk(old) == null);
    assertTrue(m.disksOf(V).contains("d5"));
    assertTrue(m.cluster.json("disk", "scan", m.disks.get(old).uri()).path(0).path("addable").asBoolean(), "its label is erased");
    m.cluster.ok("disk", "add", m.disks.get(old).uri(), "--name", old);
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "10m");
    m.cluster.ok("disk", "set", before.get(1), "--closed");
    m.cluster.ok("volume", "create", "only", "--size", "8M", "--pool", "gold");
    assertEquals(List.of("d5"), m.disksOf("only"), "no other disk takes new extents");
    m.disks.get("d5").kill();
    m.awaitDegraded(V);
    String last = refused("disk", "replace", "d5", old).err();
    assertTrue(last.contains("only good copy of volume only") && last.contains("bring the disk back first"), last);
    m.cluster.ok("volume", "delete", "only");
    m.cluster.ok("disk", "replace", "d5", old);
    awaitDone("replace_disk");
    assertTrue(disk("d5") == null);
    m.awaitHealthy(V, 2);
    assertFalse(m.disksOf(V).contains("d5"));
    m.disks.get("d5").start();
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "2s");
    m.cluster.ok("disk", "set", before.get(1), "--no-closed");
    for (String d : others) m.cluster.ok("disk", "set", d, "--no-closed");
    m.cluster.ok("pool", "rebalance", "gold");
    awaitDone("rebalance");
    for (String d : others) assertTrue(on(d) > 0, m.cluster.ok("disk", "list"));
    allIsWell(fio, uri);
    away(V);
  }
}
