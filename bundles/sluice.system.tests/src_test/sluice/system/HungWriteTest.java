package sluice.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Invariant 8, with a target that delays writes: a late original must never undo a newer write. */
class HungWriteTest {
  /**
   * Writes the first half of the blocks, then all of them again with other content while the first writes hang in the
   * target, and reads back until well after every hung write has landed.
   */
  private static final String OVERWRITES = """
      import nbd, sys
      h = nbd.NBD()
      h.connect_uri(sys.argv[1])
      B = 4096
      N = 64
      for round in range(2):
          pending = []
          for i in range(N):
              pending.append(h.aio_pwrite(bytes([16 * round + 1]) * B, i * B))
          for i in range(N):
              pending.append(h.aio_pwrite(bytes([16 * round + 2]) * B, (N + i) * B))
          for c in pending:
              while not h.aio_command_completed(c):
                  h.poll(-1)
          # what is acknowledged is now overwritten; no older write may come after it
          pending = [h.aio_pwrite(bytes([16 * round + 3]) * B, i * B) for i in range(2 * N)]
          for c in pending:
              while not h.aio_command_completed(c):
                  h.poll(-1)
          for again in range(20):
              for i in range(2 * N):
                  got = h.pread(B, i * B)
                  assert got == bytes([16 * round + 3]) * B, ('round', round, 'block', i, 'has', got[0])
      h.flush()
      print('good')
      """;

  @Test
  void aLateOriginalNeverUndoesANewerWrite() {
    try (Cluster cluster = Cluster.start("hw")) {
      Path d1 = cluster.disk("d1", 128);
      cluster.pool("gold", d1);
      cluster.ok("volume", "create", "v1", "--size", "64M", "--pool", "gold");
      // every write takes three seconds by this way: longer than the deadline after which the router looks for another
      try (NbdkitDisk slow = new NbdkitDisk(cluster.dir, "slow", d1, "delay-write=3")) {
        Host h1 = cluster.host("h1", "--disk", slow.uri(), "--only-own-disks");
        String uri = h1.attach("v1");
        assertTrue(Tool.run("/usr/bin/python3", "-c", OVERWRITES, uri).ok().out().contains("good"));
        String events = cluster.ok("event", "list");
        assertTrue(events.contains("no answer in"), "the volume left the slow way: " + events);
      }
    }
  }
}
