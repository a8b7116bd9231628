package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Snapshots as other programs read them, while hosts write, and agents and servers die. */
class SnapshotTest {
  private static Cluster cluster;
  private static Host h1;
  private static Host h2;

  @BeforeAll
  static void aPoolAndTwoHosts() {
    cluster = Cluster.start("sn");
    cluster.pool("gold", cluster.disk("d1", 512), cluster.disk("d2", 512));
    h1 = cluster.host("h1");
    h2 = cluster.host("h2");
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String volume(String name, String... more) {
    List<String> create = new ArrayList<>(List.of("volume", "create", name, "--size", "32M", "--pool", "gold"));
    create.addAll(List.of(more));
    cluster.ok(create.toArray(String[]::new));
    String uri = h1.attach(name);
    h1.awaitRoute(name, "direct");
    return uri;
  }

  private static void fill(String uri, String pattern, String where) {
    Tool.run("qemu-io", "-f", "raw", "-c", "write -P " + pattern + " " + where, "-c", "flush", uri).ok();
  }

  /** The snapshot's export, for whoever has the host's identity. */
  private static String pseudo(Host host, String export) {
    String[] at = cluster.listen.get(0).split(":");
    return "nbds://" + at[0] + ":" + (Integer.parseInt(at[1]) + 1) + "/" + export + "?tls-certificates=" + host.dir.resolve("identity");
  }

  private static Path copy(String uri, String name) {
    Path file = cluster.dir.resolve(name);
    Tool.run("nbdcopy", uri, file.toString()).ok();
    return file;
  }

  private static void same(Path expected, Path shown) {
    try {
      assertEquals(-1, Files.mismatch(expected, shown), shown + " differs from " + expected);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> dirty(String uri, String bitmap) {
    List<String> lines = new ArrayList<>();
    for (String line : Tool.run("nbdinfo", "--map=qemu:dirty-bitmap:" + bitmap, uri).ok().out().lines().toList()) {
      String[] cells = line.trim().split("\\s+");
      if (cells[2].equals("1")) lines.add(cells[0] + "+" + cells[1]);
    }
    return lines;
  }

  @Test
  void whatWasThereIsReadWhileHostsGoOnAndWhatChangedIsKnownExactly() {
    String uri = volume("v1");
    fill(uri, "0x11", "0 32M");
    cluster.ok("snapshot", "create", "s1", "--volume", "v1");
    fill(uri, "0x22", "1M 100k");
    fill(uri, "0x22", "9M 4k");
    h1.awaitRoute("v1", "direct");
    Path atTwo = copy(uri, "v1-at-s2");
    cluster.ok("snapshot", "create", "s2", "--volume", "v1");
    fill(uri, "0x33", "1M 4k");
    fill(uri, "0x33", "24M 1M");

    same(atTwo, copy(pseudo(h1, "v1@s2"), "v1-s2"));
    String s1 = pseudo(h1, "v1@s1");
    shows("0x11", "0 32M", "v1@s1");
    assertEquals(List.of("1048576+131072", "9437184+65536"), dirty(pseudo(h1, "v1@s2"), "s1"));
    JsonNode diff = cluster.json("snapshot", "diff", "s1", "s2");
    assertEquals(196_608, diff.path("changed_bytes").asLong());
    assertEquals(2, diff.path("ranges").size());
    assertEquals(1_048_576 + 65_536, cluster.json("snapshot", "diff", "s2").path("changed_bytes").asLong());
    assertTrue(Tool.run("nbdinfo", s1).ok().out().contains("is_read_only: true"));
    assertNotEquals(0, Tool.run("nbdinfo", pseudo(h2, "v1@s1")).exit(), "h2 has no grant");

    // The one in the middle goes: the others show what they showed, and the list is still whole.
    cluster.ok("snapshot", "create", "s3", "--volume", "v1");
    cluster.ok("snapshot", "delete", "s2");
    assertEquals(List.of("1048576+131072", "9437184+65536", "25165824+1048576"), dirty(pseudo(h1, "v1@s3"), "s1"));
    shows("0x11", "0 32M", "v1@s1");
    assertTrue(cluster.cli("volume", "delete", "v1").err().contains("v1"), "it is in use, and has snapshots");
    cluster.ok("volume", "detach", "v1", "h1");
    cluster.ok("snapshot", "restore", "s1", "--confirm", "v1");
    Await.until("v1 is restored", () -> !cluster.json("snapshot", "list").findValuesAsText("restoring").contains("true"));
    String restored = h1.attach("v1");
    h1.awaitRoute("v1", "direct");
    assertFalse(Tool.run("qemu-io", "-r", "-f", "raw", "-c", "read -P 0x11 0 32M", restored).ok().out().contains("failed"));
    shows("0x33", "24M 1M", "v1@s3");
    cluster.ok("snapshot", "delete", "s1");
    cluster.ok("snapshot", "delete", "s3");
    cluster.ok("volume", "detach", "v1", "h1");
    Await.until("the space of the snapshots is free", () -> cluster.json("volume", "list").size() == volumesOfPeople());
    cluster.ok("volume", "delete", "v1");
    assertNotEquals(0, Tool.run("nbdinfo", s1).exit());
  }

  private static int volumesOfPeople() {
    int n = 0;
    for (JsonNode v : cluster.json("volume", "list")) if (!v.path("name").asText().startsWith("snapshots-")) n++;
    return n;
  }

  /** qemu-io on a snapshot, for whoever has the host's identity. */
  private static Tool.Result qemu(Host host, String export, String command) {
    String[] at = cluster.listen.get(0).split(":");
    return Tool.run("qemu-io", "-r", "--object", "tls-creds-x509,id=own,endpoint=client,dir=" + host.dir.resolve("identity"),
        "-c", command, "--image-opts", "driver=nbd,tls-creds=own,server.type=inet,server.host=" + at[0] + ",server.port=" + (Integer.parseInt(at[1]) + 1) + ",export=" + export);
  }

  private static void shows(String pattern, String where, String export) {
    Tool.Result read = qemu(h1, export, "read -P " + pattern + " " + where).ok();
    assertFalse((read.out() + read.err()).contains("failed"), export + " does not show " + pattern + ": " + read.out());
  }

  @Test
  void aMirrorIsReadAsItWasWhileFioWritesAndServerAndAgentDie() {
    String uri = volume("m1", "--legs", "2");
    String other = volume("m2");
    // What nobody has written yet need not be the same on both legs.
    fill(uri, "0x66", "0 32M");
    Fio fio = Fio.verifying(cluster.dir, uri, 0, 24);
    Await.until("fio writes", () -> h1.route("m1").path("counters").path("writes").asLong() > 200);
    fio.stop();
    fill(other, "0x44", "0 32M");
    Path before = copy(uri, "m1-before");
    cluster.ok("snapshot", "create", "both", "--volume", "m1", "--volume", "m2");
    fio = Fio.verifying(cluster.dir, uri, 0, 24);
    long writes = h1.route("m1").path("counters").path("writes").asLong();
    Await.until("fio writes", () -> h1.route("m1").path("counters").path("writes").asLong() > writes + 200);
    fill(other, "0x55", "0 8M");
    same(before, copy(pseudo(h1, "m1@both"), "m1-while"));
    cluster.server().kill();
    cluster.startServer();
    Await.until("fio goes on", () -> h1.route("m1").path("counters").path("writes").asLong() > writes + 400);
    fio.stop();
    same(before, copy(pseudo(h1, "m1@both"), "m1-after-server"));
    Fio last = Fio.verifying(cluster.dir, uri, 0, 24);
    Await.until("fio writes", () -> h1.route("m1").path("counters").path("writes").asLong() > writes + 600);
    assertTrue(last.running());
    h1.agent().kill();
    h1.restart();
    h1.awaitRoute("m1", "direct");
    same(before, copy(pseudo(h1, "m1@both"), "m1-after-agent"));
    shows("0x44", "0 32M", "m2@both");
    assertEquals(8 << 20, cluster.json("snapshot", "diff", "both", "--volume", "m2").path("changed_bytes").asLong());
  }

  @Test
  void whenThereIsNoMoreRoomTheOldestIsGivenUpOrWritesWait() {
    String uri = volume("f1");
    fill(uri, "0x11", "0 32M");
    cluster.ok("snapshot", "create", "old", "--volume", "f1", "--limit", "16M", "--when-full", "give-up");
    cluster.ok("snapshot", "create", "new", "--volume", "f1", "--when-full", "wait");
    // 250 chunks of 64 KiB have room.
    Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x22 0 15M", uri).ok();
    Program writer = new Program("writer", cluster.dir, java.util.Map.of(), List.of("qemu-io", "-f", "raw", "-c", "write -P 0x33 20M 4M", uri));
    Await.until("the oldest is given up", () -> cluster.json("snapshot", "list").findValuesAsText("name").stream().noneMatch("old"::equals));
    assertTrue(cluster.json("snapshot", "list").findValuesAsText("name").contains("new"));
    assertTrue(writer.alive(), "what the newest needs is kept: the write waits");
    cluster.ok("snapshot", "delete", "new");
    assertEquals(0, writer.awaitEnd());
    assertFalse(Tool.run("qemu-io", "-r", "-f", "raw", "-c", "read -P 0x33 20M 4M", uri).out().contains("failed"));
  }
}
