package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A volume that two hosts write at the same time, and a server that is away for longer than their leases. */
class SharedVolumeTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int HALF_MB = 32;

  /** What the agent itself says of its only volume; its server need not be there. */
  private static JsonNode volume(Cluster cluster, Host host) {
    String said = cluster.cli("health", "--dir", host.dir.toString(), "-o", "json").out();
    try {
      return JSON.readTree(said).path("volumes").path(0);
    } catch (IOException e) {
      throw new AssertionError(said, e);
    }
  }

  private static long writes(Cluster cluster, Host host) {
    return volume(cluster, host).path("counters").path("writes").asLong();
  }

  private static void awaitLeaseEnd(Cluster cluster, Host host) {
    Await.until(host.name + " waits", () -> {
      JsonNode v = volume(cluster, host);
      return v.path("route").asText().equals("waiting") && v.path("reason").asText().contains("lease");
    });
  }

  private static void qemuIo(String uri, String command) {
    String said = Tool.run("qemu-io", "-f", "raw", "-t", "none", "-c", command, uri).ok().out();
    assertTrue(said.contains("ops") && !said.contains("failed"), said);
  }

  @Test
  void twoHostsShareAVolumeAndTheirWritesWaitWhenTheirLeasesEndUntilTheServerIsBack() {
    try (Cluster cluster = Cluster.start("sv")) {
      cluster.pool("gold", cluster.disk("d1", 256));
      cluster.ok("volume", "create", "v1", "--size", 2 * HALF_MB + "M", "--pool", "gold", "--shared");
      Host h1 = cluster.host("h1");
      Host h2 = cluster.host("h2");
      String uri1 = h1.attach("v1");
      String uri2 = h2.attach("v1");
      qemuIo(uri1, "write -P 0x11 1M 64k");
      qemuIo(uri2, "write -P 0x22 33M 64k");
      qemuIo(uri2, "read -P 0x11 1M 64k");
      qemuIo(uri1, "read -P 0x22 33M 64k");

      Fio first = Fio.verifying(cluster.dir, uri1, 0, HALF_MB);
      Fio second = Fio.verifying(cluster.dir, uri2, HALF_MB, HALF_MB);
      Await.until("both write", () -> writes(cluster, h1) > 100 && writes(cluster, h2) > 100);
      cluster.server().kill();
      long before = writes(cluster, h1);
      Await.until("the leases still let them write", () -> writes(cluster, h1) > before);
      awaitLeaseEnd(cluster, h1);
      awaitLeaseEnd(cluster, h2);
      long waiting = writes(cluster, h1);
      assertTrue(first.running() && second.running(), "waiting is no error");
      assertEquals(waiting, writes(cluster, h1), "nothing is written without a lease");
      cluster.startServer();
      Await.until("they write again", () -> writes(cluster, h1) > waiting && volume(cluster, h2).path("route").asText().equals("direct"));
      first.stop();
      second.stop();
      assertEquals(0, volume(cluster, h1).path("counters").path("errors").asLong());
    }
  }
}
