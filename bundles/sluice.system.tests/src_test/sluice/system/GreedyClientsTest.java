package sluice.system;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Programs that ask for much and fetch nothing, beside others on the same host: those notice nothing. */
class GreedyClientsTest {
  /** Opens the export the old way, sends READs as long as they are taken, and holds on until its input ends. */
  private static final String GREEDY = """
      import socket, struct, sys
      path, count, requests, length = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
      held = []
      for n in range(count):
          s = socket.socket(socket.AF_UNIX)
          s.connect(path)
          name = sys.argv[5].encode()
          s.sendall(struct.pack('>IQII', 3, 0x49484156454F5054, 1, len(name)) + name)
          s.settimeout(2)
          try:
              for i in range(requests):
                  s.sendall(struct.pack('>IHHQQI', 0x25609513, 0, 0, i, 0, length))
          except socket.timeout:
              pass
          held.append(s)
      print('greedy', flush=True)
      import time
      time.sleep(600)
      """;
  private static final String GOOD = """
      import nbd, sys
      h = nbd.NBD()
      h.connect_uri(sys.argv[1])
      for round in range(4):
          block = bytes([round + 1]) * (32 << 20)
          h.pwrite(block, 32 << 20)
          assert h.pread(32 << 20, 32 << 20) == block
      print('good')
      """;

  private static Program greedy(Cluster cluster, String uri, int clients, int length) {
    String socket = uri.replaceAll(".*socket=", "");
    String name = uri.replaceAll("^[^/]*///", "").replaceAll("\\?.*", "");
    return new Program("greedy", cluster.dir, Map.of(),
        List.of("/usr/bin/python3", "-c", GREEDY, socket, "" + clients, "200", "" + length, name)).awaitOutput("greedy");
  }

  @Test
  void othersOfTheSameVolumeAndOfAnotherGetTheirAnswersAndNobodyIsRefused() {
    try (Cluster cluster = Cluster.start("gc")) {
      cluster.pool("gold", cluster.disk("d1", 256));
      cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold");
      cluster.ok("volume", "create", "v2", "--size", "64M", "--pool", "gold");
      Host h1 = cluster.host("h1");
      String uri1 = h1.attach("v1");
      String uri2 = h1.attach("v2");
      try (Program large = greedy(cluster, uri1, 2, 32 << 20); Program many = greedy(cluster, uri1, 20, 1 << 20)) {
        Fio fio = Fio.verifying(cluster.dir, uri2, 0, 16);
        for (String uri : new String[] {uri1, uri2}) {
          assertTrue(Tool.run("/usr/bin/python3", "-c", GOOD, uri).ok().out().contains("good"));
        }
        fio.stop();
        assertTrue(large.alive() && many.alive());
      }
      String said = h1.agent().output();
      assertFalse(said.contains("were refused") || said.contains("cut off"), said);
    }
  }
}
