package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Volumes that become larger and smaller while fio writes and verifies, with whatever takes part killed in the middle. */
@Tag("campaign")
class ResizeTest {
  private static final long MIB = 1 << 20;
  private static Mirror m;
  private static Host h1;
  private static Host h2;

  @BeforeAll
  static void threeDisksAndTwoHosts() {
    m = new Mirror("rs", 3, 384);
    h1 = m.cluster.host("h1");
    h2 = m.cluster.host("h2");
  }

  @AfterAll
  static void stop() {
    m.close();
  }

  private static String create(String v, String... more) {
    List<String> c = new ArrayList<>(List.of("volume", "create", v, "--size", "64M", "--pool", "gold"));
    c.addAll(List.of(more));
    m.cluster.ok(c.toArray(String[]::new));
    String uri = h1.attach(v);
    h1.awaitRoute(v, "direct");
    return uri;
  }

  private static void resize(String v, String size, String... more) {
    List<String> c = new ArrayList<>(List.of("volume", "resize", v, "--size", size));
    c.addAll(List.of(more));
    m.cluster.ok(c.toArray(String[]::new));
  }

  private static String refused(String... arguments) {
    Tool.Result r = m.cluster.cli(arguments);
    assertNotEquals(0, r.exit(), r.out());
    return r.err();
  }

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

  private static void away(String v, String uri) {
    assertEquals(0, h1.route(v).path("counters").path("errors").asLong(), h1.route(v).toString());
    m.cluster.ok("volume", "detach", v, "h1");
    m.cluster.ok("volume", "delete", v);
  }

  /** Writes where there was nothing before, and reads it back over a connection that knows the size it has now. */
  private static void usesTheNewEnd(String uri, int fromMb, int megabytes) {
    String said = qemuIo(uri, "write -P 0x37 " + fromMb + "M " + megabytes + "M", "flush", "read -P 0x37 " + fromMb + "M " + megabytes + "M");
    assertFalse(said.contains("failed") || said.contains("rror"), said);
  }

  @Test
  void linearStripedAndMirroredVolumesGrowUnderLoad() {
    for (String[] shape : new String[][] {{"linear"}, {"striped", "--stripes", "2"}, {"mirrored", "--legs", "2"}}) {
      String v = shape[0];
      String uri = create(v, List.of(shape).subList(1, shape.length).toArray(String[]::new));
      Fio fio = Fio.verifying(m.cluster.dir, uri);
      awaitWriting(v);
      JsonNode plan = m.cluster.json("volume", "resize", v, "--size", "96M", "--plan");
      assertEquals(96 * MIB, plan.path("volumes").path(0).path("size_after_bytes").asLong(), plan.toString());
      assertEquals(64 * MIB, volume(v).path("size_bytes").asLong(), "a plan changes nothing");
      resize(v, "96M");
      assertEquals(96 * MIB, sizeOf(uri));
      usesTheNewEnd(uri, 64, 32);
      awaitWriting(v);
      fio.stop();
      away(v, uri);
    }
  }

  @Test
  void growingIsResumedWhoeverIsKilledInTheMiddle() {
    String uri = create("kg");
    Fio fio = Fio.verifying(m.cluster.dir, uri);
    awaitWriting("kg");
    int size = 64;
    for (int delay : new int[] {0, 300, 600}) {
      size += 8;
      String to = size + "M";
      Thread asks = new Thread(() -> m.cluster.cli("volume", "resize", "kg", "--size", to));
      asks.start();
      // Whenever that falls: before, between or after recall and commit. A command that finds no server says so and ends.
      awaitMillis(delay);
      m.cluster.server().kill();
      m.cluster.startServer();
      join(asks);
      awaitWriting("kg");
      resize("kg", to);
      assertEquals(size * MIB, sizeOf(uri));
    }
    awaitWriting("kg");
    fio.stop();
    size += 8;
    String to = size + "M";
    Thread asks = new Thread(() -> m.cluster.cli("volume", "resize", "kg", "--size", to));
    asks.start();
    h1.agent().kill();
    h1.restart();
    join(asks);
    h1.awaitRoute("kg", "direct");
    resize("kg", to);
    usesTheNewEnd(uri, size - 8, 8);
    away("kg", uri);
  }

  /** How far a change gets until something is killed is not this test's to say: any moment will do. */
  private static void awaitMillis(int ms) {
    long until = System.nanoTime() + ms * 1_000_000L;
    Await.until("the moment comes", () -> System.nanoTime() - until >= 0);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aVolumeBecomesSmallerWhenItsHostHasAgreedAndItsSpaceGoesToAnother() {
    String uri = create("sh", "--legs", "2");
    usesTheNewEnd(uri, 56, 8);
    assertTrue(refused("volume", "resize", "sh", "--size", "32M").contains("--confirm sh"));
    String why = refused("volume", "resize", "sh", "--size", "32M", "--confirm", "sh");
    assertTrue(why.contains("host h1") && why.contains("agree-shrink sh"), why);
    assertEquals(64 * MIB, volume("sh").path("size_bytes").asLong());
    Fio fio = Fio.verifying(m.cluster.dir, uri, 0, 32);
    awaitWriting("sh");
    m.cluster.ok("volume", "agree-shrink", "sh", "--size", "32M", "--dir", h1.dir.toString());
    Await.until("the server has heard it", () -> m.cluster.cli("volume", "resize", "sh", "--size", "32M", "--confirm", "sh").exit() == 0);
    assertEquals(32 * MIB, sizeOf(uri));
    Await.until("the rest is free", () -> allocated("sh") == 32 * MIB);
    awaitWriting("sh");
    fio.stop();
    String said = qemuIo(uri, "write 32M 64k");
    assertTrue(said.contains("failed") || said.contains("past") || said.contains("rror"), said);
    // Who had agreed once is asked again the next time.
    assertTrue(refused("volume", "resize", "sh", "--size", "16M", "--confirm", "sh").contains("host h1"));
    m.cluster.ok("volume", "detach", "sh", "h1");
    m.cluster.ok("volume", "resize", "sh", "--size", "16M", "--confirm", "sh");
    m.cluster.ok("volume", "delete", "sh");
  }

  @Test
  void whatCannotBeIsRefusedWithTheReasonForEachDisk() {
    String uri = create("big");
    String why = refused("volume", "resize", "big", "--size", "8G");
    for (String part : new String[] {"d1", "d2", "d3", "no room"}) assertTrue(why.contains(part), why);
    assertEquals(64 * MIB, sizeOf(uri));
    away("big", uri);
  }

  @Test
  void aHostThatWasStoppedAndDeclaredDeadWritesNothingWhenItWakes() {
    String uri = create("dd");
    Fio fio = Fio.verifying(m.cluster.dir, uri);
    awaitWriting("dd");
    h1.agent().signal("STOP");
    String why = refused("volume", "resize", "dd", "--size", "80M");
    assertTrue(why.contains("host h1"), why);
    assertTrue(refused("host", "declare-dead", "h1").contains("confirm"));
    m.cluster.ok("host", "declare-dead", "h1", "--confirm", "h1");
    resize("dd", "80M");
    String other = h2.attach("dd");
    h2.awaitRoute("dd", "direct");
    qemuIo(other, "write -P 0x61 0 48M", "flush");
    h1.agent().signal("CONT");
    Await.until("h1 has given it up", () -> !java.nio.file.Files.exists(h1.dir.resolve("volumes").resolve("dd.sock")));
    fio.awaitFailure();
    String said = qemuIo(other, "read -P 0x61 0 48M");
    assertFalse(said.contains("failed"), said);
    m.cluster.ok("volume", "detach", "dd", "h2");
    m.cluster.ok("volume", "delete", "dd");
  }
}
