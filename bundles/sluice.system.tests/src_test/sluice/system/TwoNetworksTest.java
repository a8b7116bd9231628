package sluice.system;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Claim 8: hosts and server have two networks, and either is enough. All I/O here goes over the server route. */
class TwoNetworksTest {
  private static Cluster cluster;
  private static Wire a;
  private static Wire b;
  private static Host h1;
  private static String uri;

  /** One network: its control and its block port. */
  private record Wire(CutWire control, CutWire blocks) {
    static Wire to(String address, int outside, int inside) {
      return new Wire(new CutWire(address, outside, inside), new CutWire(address, outside + 1, inside + 1));
    }

    void silence(boolean towardsServer, boolean fromServer) {
      control.silence(towardsServer, fromServer);
      blocks.silence(towardsServer, fromServer);
    }

    void mend() {
      silence(false, false);
    }

    void reset() {
      control.reset();
      blocks.reset();
    }

    void close() {
      control.close();
      blocks.close();
    }
  }

  @BeforeAll
  static void aHostThatKnowsTheServerByTwoNetworks() {
    int outside = Cluster.twoFreePorts();
    String known = "127.0.0.1:" + outside + ",127.0.0.2:" + outside;
    cluster = new Cluster("tn", new String[] {"127.0.0.1", "127.0.0.2"}, "--advertise", known);
    int inside = Integer.parseInt(cluster.listen.get(0).replaceAll(".*:", ""));
    a = Wire.to("127.0.0.1", outside, inside);
    b = Wire.to("127.0.0.2", outside, inside);
    Path d1 = cluster.disk("d1", 256);
    cluster.pool("gold", d1);
    cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold");
    h1 = cluster.hostAt(known, "h1");
    uri = h1.attach("v1");
    // no direct way: what is tested is the other one
    cluster.ok("bundle", "stop", "sluice.agent.direct", "--dir", h1.dir.toString());
    h1.awaitRoute("v1", "server");
  }

  @AfterAll
  static void stop() {
    a.mend();
    b.mend();
    cluster.close();
    a.close();
    b.close();
  }

  @AfterEach
  void mend() {
    a.mend();
    b.mend();
    a.reset();
    b.reset();
  }

  private static void whileVerifying(Runnable trouble) {
    awaitNetworks("both up", 2);
    Fio fio = Fio.verifying(cluster.dir, uri);
    trouble.run();
    awaitNetworks("both up again", 2);
    long after = writes();
    Await.until("fio goes on writing", () -> writes() > after);
    fio.stop();
  }

  private static long writes() {
    return h1.route("v1").path("counters").path("writes").asLong();
  }

  private static void awaitNetworks(String what, int up) {
    Await.until(what, () -> {
      int n = 0;
      for (var network : cluster.json("host", "show", "h1").path("networks")) if (network.path("up").asBoolean()) n++;
      return n == up;
    });
  }

  @Test
  void eitherNetworkIsCutAndMended() {
    whileVerifying(() -> {
      a.silence(true, true);
      awaitNetworks("the first is seen down", 1);
      a.mend();
      a.reset();
      awaitNetworks("the first is back", 2);
      b.silence(true, true);
      awaitNetworks("the second is seen down", 1);
      b.mend();
      b.reset();
    });
  }

  @Test
  void aNetworkIsCutInOneDirectionOnly() {
    whileVerifying(() -> {
      a.silence(false, true);
      awaitNetworks("it is seen down", 1);
      a.mend();
      a.reset();
    });
  }

  @Test
  void bothAreCutAndTheIoWaits() {
    whileVerifying(() -> {
      a.silence(true, true);
      b.silence(true, true);
      // the command line has no other networks than these
      Await.until("the server sees the host offline", () -> Files.readString(cluster.dir.resolve("s/log/server.log")).contains("host h1 is offline"));
      a.mend();
      b.mend();
      a.reset();
      b.reset();
    });
  }

  @Test
  void networksThatFlap() {
    whileVerifying(() -> {
      for (int i = 0; i < 5; i++) {
        (i % 2 == 0 ? a : b).reset();
        awaitNetworks("both are back", 2);
      }
    });
  }
}
