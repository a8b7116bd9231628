package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Volumes that become larger and smaller while fio writes and verifies, with whatever takes part killed in the middle. That it makes no
 * difference at which step is the simulator's to show.
 */
class ResizeTest {
  private static final long MIB = 1 << 20;
  private static Mirror m;
  private static Host h1;
  private static Host h2;

  @BeforeAll
  static void threeDisksAndTwoHosts() {
    m = new Mirror("rs", 3, 128);
    h1 = m.cluster.host("h1");
    h2 = m.cluster.host("h2");
  }

  @AfterAll
  static void stop() {
    m.close();
  }

  private static String create(String v, String... more) {
    List<String> c = new ArrayList<>(List.of("volume", "create", v, "--size", "32M", "--pool", "gold"));
    c.addAll(List.of(more));
    m.cluster.ok(c.toArray(String[]::new));
    String uri = h1.attach(v);
    h1.awaitRoute(v, "direct");
    return uri;
  }

  private static String refused(String... arguments) {
    Tool.Result r = m.cluster.cli(arguments);
    assertNotEquals(0, r.exit(), r.out());
    return r.err();
  }

  /** As NBD clients learn it that connect now. */
  private static long sizeOf(String uri) {
    return Long.parseLong(Tool.run("nbdinfo", "--size", uri).ok().out().trim());
  }

  private static JsonNode volume(String v) {
    return m.cluster.json("volume", "show", v);
  }

  private static long allocated(String v) {
    long bytes = 0;
    for (JsonNode s : volume(v).path("layout").path("segments")) bytes += s.path("length_bytes").asLong();
    return bytes;
  }

  private static String qemuIo(String uri, String... commands) {
    List<String> c = new ArrayList<>(List.of("qemu-io", "-f", "raw"));
    for (String command : commands) c.addAll(List.of("-c", command));
    c.add(uri);
    return Tool.run(c.toArray(String[]::new)).out();
  }

  private static void awaitWriting(String v) {
    long before = h1.route(v).path("counters").path("writes").asLong();
    Await.until("fio writes to " + v, () -> h1.route(v).path("counters").path("writes").asLong() > before + 50);
  }

  /** Writes where there was nothing before, and reads it back over a connection that knows the size it has now. */
  private static void usesTheNewEnd(String uri, int fromMb, int megabytes) {
    String said = qemuIo(uri, "write -P 0x37 " + fromMb + "M " + megabytes + "M", "flush", "read -P 0x37 " + fromMb + "M " + megabytes + "M");
    assertFalse(said.contains("failed") || said.contains("rror"), said);
  }

  @Test
  void aMirroredVolumeGrowsUnderLoadWhoeverIsKilledMeanwhileAndNeverBeyondItsPool() throws InterruptedException {
    String uri = create("gr", "--legs", "2");
    Fio fio = Fio.gently(m.cluster.dir, uri, 0, 24);
    awaitWriting("gr");
    JsonNode plan = m.cluster.json("volume", "resize", "gr", "--size", "40M", "--plan");
    assertEquals(40 * MIB, plan.path("volumes").path(0).path("size_after_bytes").asLong(), plan.toString());
    String why = refused("volume", "resize", "gr", "--size", "8G");
    for (String part : new String[] {"d1", "d2", "d3", "no room"}) assertTrue(why.contains(part), why);
    assertEquals(32 * MIB, volume("gr").path("size_bytes").asLong(), "neither a plan nor a refusal changes anything");
    m.cluster.ok("volume", "resize", "gr", "--size", "40M");
    assertEquals(40 * MIB, sizeOf(uri));
    usesTheNewEnd(uri, 32, 8);

    // Before, between or after recall and commit. A command that finds no server says so and ends; then it is given again.
    Thread asks = new Thread(() -> m.cluster.cli("volume", "resize", "gr", "--size", "48M"));
    asks.start();
    m.cluster.server().kill();
    m.cluster.startServer();
    asks.join();
    awaitWriting("gr");
    m.cluster.ok("volume", "resize", "gr", "--size", "48M");
    assertEquals(48 * MIB, sizeOf(uri));
    awaitWriting("gr");
    fio.stop();
    assertEquals(0, h1.route("gr").path("counters").path("errors").asLong(), h1.route("gr").toString());

    Thread again = new Thread(() -> m.cluster.cli("volume", "resize", "gr", "--size", "56M"));
    again.start();
    h1.agent().kill();
    h1.restart();
    again.join();
    h1.awaitRoute("gr", "direct");
    m.cluster.ok("volume", "resize", "gr", "--size", "56M");
    usesTheNewEnd(uri, 48, 8);
    m.cluster.ok("volume", "detach", "gr", "h1");
    assertEquals(1, new java.util.HashSet<>(m.digests("gr")).size(), "the legs are alike");
    m.cluster.ok("volume", "delete", "gr");
  }

  @Test
  void aVolumeBecomesSmallerWhenItsHostHasAgreedAndItsSpaceIsFree() {
    String uri = create("sh", "--legs", "2");
    assertTrue(refused("volume", "resize", "sh", "--size", "16M").contains("--confirm sh"));
    String why = refused("volume", "resize", "sh", "--size", "16M", "--confirm", "sh");
    assertTrue(why.contains("host h1") && why.contains("agree-shrink sh"), why);
    assertEquals(32 * MIB, volume("sh").path("size_bytes").asLong());
    Fio fio = Fio.gently(m.cluster.dir, uri, 0, 16);
    awaitWriting("sh");
    m.cluster.ok("volume", "agree-shrink", "sh", "--size", "16M", "--dir", h1.dir.toString());
    Await.until("the server has heard it", () -> m.cluster.cli("volume", "resize", "sh", "--size", "16M", "--confirm", "sh").exit() == 0);
    assertEquals(16 * MIB, sizeOf(uri));
    Await.until("the rest is free", () -> allocated("sh") == 16 * MIB);
    awaitWriting("sh");
    fio.stop();
    assertEquals(0, h1.route("sh").path("counters").path("errors").asLong(), h1.route("sh").toString());
    String said = qemuIo(uri, "write 16M 64k");
    assertTrue(said.contains("failed") || said.contains("past") || said.contains("rror"), said);
    // Who had agreed once is asked again the next time.
    assertTrue(refused("volume", "resize", "sh", "--size", "8M", "--confirm", "sh").contains("host h1"));
    m.cluster.ok("volume", "detach", "sh", "h1");
    m.cluster.ok("volume", "resize", "sh", "--size", "8M", "--confirm", "sh");
    m.cluster.ok("volume", "delete", "sh");
  }

  @Test
  void aHostThatWasStoppedAndDeclaredDeadWritesNothingWhenItWakes() {
    String uri = create("dd");
    Fio fio = Fio.gently(m.cluster.dir, uri, 0, 32);
    awaitWriting("dd");
    h1.agent().signal("STOP");
    String why = refused("volume", "resize", "dd", "--size", "40M");
    assertTrue(why.contains("host h1"), why);
    assertTrue(refused("host", "declare-dead", "h1").contains("confirm"));
    m.cluster.ok("host", "declare-dead", "h1", "--confirm", "h1");
    m.cluster.ok("volume", "resize", "dd", "--size", "40M");
    String other = h2.attach("dd");
    h2.awaitRoute("dd", "direct");
    qemuIo(other, "write -P 0x61 0 32M", "flush");
    h1.agent().signal("CONT");
    Await.until("h1 has given it up", () -> !Files.exists(h1.dir.resolve("volumes").resolve("dd.sock")));
    fio.awaitFailure();
    String said = qemuIo(other, "read -P 0x61 0 32M");
    assertFalse(said.contains("failed"), said);
    m.cluster.ok("volume", "detach", "dd", "h2");
    m.cluster.ok("volume", "delete", "dd");
  }
}
