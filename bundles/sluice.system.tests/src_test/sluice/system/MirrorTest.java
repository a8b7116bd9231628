package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirrored volume whose disks, server and agent die while fio writes and verifies: it must never notice, and all must heal. */
class MirrorTest {
  private static Mirror m;
  private static Host h1;
  private static int volumes;
  private String v;
  private String uri;
  private Fio fio;

  @BeforeAll
  static void threeDisksAndAHost() {
    m = new Mirror("mi", 3, 256);
    h1 = m.cluster.host("h1");
  }

  @AfterAll
  static void stop() {
    m.close();
  }

  @BeforeEach
  void aMirroredVolumeInUse() {
    m.disks.values().forEach(NbdkitDisk::mend);
    m.awaitDisks();
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "3s", "--recovery-max", "none");
    v = "v" + ++volumes;
    m.cluster.ok("volume", "create", v, "--size", "80M", "--pool", "gold", "--legs", "2");
    uri = h1.attach(v);
    h1.awaitRoute(v, "direct");
    // A part that nothing writes any more, to be found again at the end.
    Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 64M 16M", "-c", "flush", uri).ok();
    fio = Fio.verifying(m.cluster.dir, uri);
    awaitWriting();
  }

  private long writes() {
    return h1.route(v).path("counters").path("writes").asLong();
  }

  private void awaitWriting() {
    long before = writes();
    Await.until("fio writes", () -> writes() > before + 50);
  }

  /** Nothing was noticed, everything is there, and every leg holds the same. */
  private void allIsWell() {
    awaitWriting();
    fio.stop();
    JsonNode route = h1.route(v);
    assertEquals(0, route.path("counters").path("errors").asLong(), route.toString());
    String said = Tool.run("qemu-io", "-f", "raw", "-c", "read -P 0x5a 64M 16M", uri).ok().out();
    assertFalse(said.contains("failed"), said);
    m.cluster.ok("volume", "detach", v, "h1");
    List<String> digests = m.digests(v);
    assertEquals(1, new HashSet<>(digests).size(), "the legs differ: " + digests);
    m.cluster.ok("volume", "delete", v);
  }

  @Test
  void aDiskThatDiesIsReplacedByAnotherAndNothingIsLostWhenTheSecondDiesToo() {
    List<String> before = m.disksOf(v);
    assertEquals(2, new HashSet<>(before).size());
    m.disks.get(before.get(1)).kill();
    m.awaitReplaced(v, before.get(1));
    // What was on the dead disk must not come back.
    m.disks.get(before.get(1)).start();
    awaitWriting();
    // Now only the rebuilt leg is left.
    m.disks.get(before.get(0)).kill();
    awaitWriting();
    m.awaitReplaced(v, before.get(0));
    allIsWell();
  }

  @Test
  void aDiskThatIsGoneForAMomentGetsWhatItMissed() {
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "60s");
    List<String> before = m.disksOf(v);
    m.disks.get(before.get(0)).kill();
    m.awaitDegraded(v);
    awaitWriting();
    m.disks.get(before.get(0)).start();
    m.awaitHealthy(v, 2);
    assertEquals(before, m.disksOf(v));
    allIsWell();
  }

  @Test
  void theServerIsKilledInTheMiddleOfARebuild() {
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "8MiB/s");
    m.disks.get(m.disksOf(v).get(1)).kill();
    Await.until("the rebuild runs", () -> m.states(v).contains("filling"));
    m.cluster.server().kill();
    m.cluster.startServer();
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "none");
    m.awaitHealthy(v, 2);
    allIsWell();
  }

  @Test
  void theAgentIsKilledInTheMiddleOfARebuild() {
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "8MiB/s");
    m.disks.get(m.disksOf(v).get(1)).kill();
    Await.until("the rebuild runs", () -> m.states(v).contains("filling"));
    h1.agent().kill();
    h1.restart();
    h1.awaitRoute(v, "direct");
    m.cluster.ok("pool", "set", "gold", "--recovery-max", "none");
    m.awaitHealthy(v, 2);
    // fio's connection died with the agent; what it had written and read back before is another test's affair.
    fio = Fio.verifying(m.cluster.dir, uri);
    allIsWell();
  }

  @Test
  void anAgentThatIsKilledLeavesLegsThatAreMadeEqual() {
    h1.agent().kill();
    h1.restart();
    h1.awaitRoute(v, "direct");
    fio = Fio.verifying(m.cluster.dir, uri);
    allIsWell();
  }

  @Test
  void theLastGoodCopyCannotBeTakenAway() {
    List<String> before = m.disksOf(v);
    m.cluster.ok("pool", "set", "gold", "--recovery-wait", "10m");
    m.disks.get(before.get(1)).kill();
    m.awaitDegraded(v);
    int good = m.states(v).indexOf("in_sync") + 1;
    Tool.Result refused = m.cluster.cli("volume", "drop-leg", v, Integer.toString(good));
    assertNotEquals(0, refused.exit());
    assertTrue(refused.err().contains("in sync"), refused.err());
    assertNotEquals(0, m.cluster.cli("disk", "remove", before.get(0)).exit());
    m.disks.get(before.get(1)).start();
    m.awaitHealthy(v, 2);
    allIsWell();
  }

  @Test
  void aLegIsAddedAndAnotherDroppedUnderLoad() {
    m.cluster.ok("volume", "add-leg", v);
    m.awaitHealthy(v, 3);
    assertEquals(3, new HashSet<>(m.disksOf(v)).size());
    m.cluster.ok("volume", "drop-leg", v, "1");
    assertEquals(2, m.states(v).size());
    List<String> tasks = new ArrayList<>();
    for (JsonNode t : m.cluster.json("task", "list")) tasks.add(t.path("state").asText());
    assertTrue(tasks.contains("done"), tasks.toString());
    allIsWell();
  }
}
