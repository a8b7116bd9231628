package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Disks that forget what was not flushed: nbdkit with a cache that is written back on a flush only, killed and started again. */
@Tag("campaign")
class PowerCutTest {
  private static long writes(Host host) {
    return host.route("v1").path("counters").path("writes").asLong();
  }

  private static void awaitWriting(Host host) {
    long before = writes(host);
    Await.until("fio writes", () -> writes(host) > before + 100);
  }

  private static String qemuIo(String uri, String... commands) {
    List<String> c = new ArrayList<>(List.of("qemu-io", "-f", "raw", "-t", "writeback"));
    for (String command : commands) c.addAll(List.of("-c", command));
    c.add(uri);
    String said = Tool.run(c.toArray(String[]::new)).ok().out();
    assertFalse(said.contains("failed"), said);
    return said;
  }

  @Test
  void aCopyThatHasForgottenWhatWasNotFlushedIsBroughtUpToDateAlsoIfTheServerWasAway() {
    try (Mirror m = new Mirror("pc", 2, 128, true)) {
      m.awaitDisks();
      m.cluster.ok("pool", "set", "gold", "--recovery-wait", "10m", "--recovery-max", "none");
      m.cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold", "--legs", "2");
      Host h1 = m.cluster.host("h1");
      String uri = h1.attach("v1");
      h1.awaitRoute("v1", "direct");
      Fio fio = Fio.gently(m.cluster.dir, uri, 0, 48);
      awaitWriting(h1);

      m.disks.get("d1").kill();
      m.disks.get("d1").start();
      Await.until("the copy is given up", () -> m.cluster.cli("event", "list").out().contains("has missed writes"));
      m.awaitHealthy("v1", 2);
      h1.awaitRoute("v1", "direct");
      awaitWriting(h1);

      // Nobody but the host remembers this one.
      long events = missed(m);
      m.cluster.server().kill();
      m.disks.get("d2").kill();
      m.disks.get("d2").start();
      m.cluster.startServer();
      Await.until("the copy is given up", () -> missed(m) > events);
      m.awaitHealthy("v1", 2);
      h1.awaitRoute("v1", "direct");
      awaitWriting(h1);
      fio.stop();
      assertEquals(0, h1.route("v1").path("counters").path("errors").asLong());
      m.cluster.ok("volume", "detach", "v1", "h1");
      List<String> digests = m.digests("v1");
      assertEquals(1, new HashSet<>(digests).size(), "the legs differ: " + digests);
    }
  }

  private static long missed(Mirror m) {
    return m.cluster.cli("event", "list").out().lines().filter(l -> l.contains("has missed writes")).count();
  }

  @Test
  void whatWasFlushedIsThereAfterThePowerOfEverythingIsCut() {
    try (Mirror m = new Mirror("pd", 2, 128, true)) {
      m.awaitDisks();
      m.cluster.ok("volume", "create", "v1", "--size", "48M", "--pool", "gold", "--legs", "2");
      Host h1 = m.cluster.host("h1");
      String uri = h1.attach("v1");
      h1.awaitRoute("v1", "direct");
      qemuIo(uri, "write -P 0x11 0 8M", "write -P 0x22 20M 8M", "flush");
      // Not flushed, and elsewhere: it may be there or not, on each copy for itself.
      Fio fio = Fio.gently(m.cluster.dir, uri, 30, 16);
      awaitWriting(h1);
      h1.agent().kill();
      m.cluster.server().kill();
      m.disks.values().forEach(NbdkitDisk::kill);
      fio.awaitFailure();
      m.disks.values().forEach(NbdkitDisk::start);
      try (Cluster second = Cluster.start("pe")) {
        second.ok("pool", "import", m.disks.get("d1").uri(), m.disks.get("d2").uri(), "--take-over");
        Host h2 = second.host("h2");
        String again = h2.attach("v1");
        qemuIo(again, "read -P 0x11 0 8M", "read -P 0x22 20M 8M");
        Await.until("both copies are good", () -> {
          for (var leg : second.json("volume", "show", "v1").path("layout").path("legs")) if (!leg.path("state").asText().equals("in_sync")) return false;
          return true;
        });
        second.ok("volume", "verify", "v1");
        Await.until("they have been compared", () -> second.cli("task", "list").out().contains("done"));
        assertTrue(second.json("task", "list").toString().contains("all legs are alike"), second.cli("task", "list").out());
      }
    }
  }
}
