package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host that reaches its disks but no server, by neither of its two networks: its I/O goes on. */
class LostNetworkTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What the agent itself says; its server need not be there. */
  private static JsonNode health(Cluster cluster, Host host) {
    String said = cluster.cli("health", "--dir", host.dir.toString(), "-o", "json").out();
    try {
      return JSON.readTree(said);
    } catch (IOException e) {
      throw new AssertionError(said, e);
    }
  }

  private static JsonNode volume(Cluster cluster, Host host) {
    return health(cluster, host).path("volumes").path(0);
  }

  private static long writes(Cluster cluster, Host host) {
    return volume(cluster, host).path("counters").path("writes").asLong();
  }

  @Test
  void theDirectWayIsKeptWhileBothNetworksAreCutAndTheServerSeesItAllRightAfterwards() {
    int outside = Cluster.twoFreePorts();
    String known = "127.0.0.1:" + outside + ",127.0.0.2:" + outside;
    try (Cluster cluster = new Cluster("ln", new String[] {"127.0.0.1", "127.0.0.2"}, "--advertise", known)) {
      int inside = Integer.parseInt(cluster.listen.get(0).replaceAll(".*:", ""));
      List<CutWire> networks = new ArrayList<>();
      try {
        for (String address : List.of("127.0.0.1", "127.0.0.2")) {
          // control and blocks
          for (int port = 0; port < 2; port++) networks.add(new CutWire(address, outside + port, inside + port));
        }
        cluster.pool("gold", cluster.disk("d1", 256));
        cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold");
        Host h1 = cluster.hostAt(known, "h1");
        String uri = h1.attach("v1");
        h1.awaitRoute("v1", "direct");
        long began = h1.route("v1").path("since_ms").asLong();

        Fio fio = Fio.verifying(cluster.dir, uri);
        Await.until("fio writes", () -> writes(cluster, h1) > 100);
        networks.forEach(n -> n.silence(true, true));
        // the command line has no other networks than these
        Await.until("the server sees the host offline", () -> Files.readString(cluster.dir.resolve("s/log/server.log")).contains("host h1 is offline"));
        long cut = writes(cluster, h1);
        Await.until("fio goes on writing without a server", () -> writes(cluster, h1) > cut + 100);
        assertEquals("direct", volume(cluster, h1).path("route").asText(), health(cluster, h1)::toString);
        assertTrue(fio.running());

        networks.forEach(CutWire::mend);
        networks.forEach(CutWire::reset);
        Await.until("the host is online again", () -> cluster.json("host", "show", "h1").path("state").asText().equals("online"));
        JsonNode route = h1.route("v1");
        assertEquals("direct", route.path("route").asText(), route::toString);
        assertEquals(began, route.path("since_ms").asLong(), "it never left the direct way: " + route);
        long back = writes(cluster, h1);
        Await.until("fio goes on writing", () -> writes(cluster, h1) > back);
        fio.stop();
        assertEquals(0, volume(cluster, h1).path("counters").path("errors").asLong());
      } finally {
        networks.forEach(CutWire::close);
      }
    }
  }
}
