package sluice.core.care;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Everything at random, thousands of times: first with faults, then without, and then all has to be well. */
class VolumeCareModelTest {
  private static final int SEEDS = Integer.getInteger("sluice.care.seeds", 300);
  private static final int FIRST = Integer.getInteger("sluice.care.first", 1);

  @Test
  void whateverFailsNothingAcknowledgedIsLostAndAllHealsWhenTheFaultsStop() {
    long acks = 0;
    for (int seed = FIRST; seed < FIRST + SEEDS; seed++) {
      try {
        acks += story(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + " (-Dsluice.care.first=" + seed + " -Dsluice.care.seeds=1): " + e.getMessage(), e);
      }
    }
    assertTrue(acks > SEEDS * 100L, "hardly anything was written: " + acks);
  }

  private static long story(int seed) {
    boolean shared = seed % 2 == 0;
    int legs = 2 + seed % 3 / 2;
    World w = shared ? new World(seed, legs, true, "h1", "h2", "h3") : new World(seed, legs, false, "h1");
    w.latencyMs = 1 + w.time.random.nextInt(200);
    w.lossPercent = w.time.random.nextInt(30);
    w.duplicatePercent = w.time.random.nextInt(30);
    w.catalog.spares.add("s0");
    w.catalog.spares.add("s1");
    w.hosts.values().forEach(h -> h.writing = true);
    w.server.uncertainPercent = 10;
    int faults = 10 + w.time.random.nextInt(20);
    for (int i = 0; i < faults; i++) {
      w.run(w.time.random.nextInt(4_000));
      fault(w);
    }
    heal(w);
    w.runUntilHealthy(300);
    w.run(2_000);
    w.hosts.values().forEach(h -> h.writing = false);
    w.run(5_000);
    w.runUntilHealthy(60);
    assertTrue(w.busy.isEmpty(), "writes hang: " + w.busy);
    w.checkEqual();
    return w.acks;
  }

  private static void fault(World w) {
    String[] disks = {"d0", "d1", "d2", "s0", "s1"};
    FakeHost[] hosts = w.hosts.values().toArray(new FakeHost[0]);
    FakeHost h = hosts[w.time.random.nextInt(hosts.length)];
    String disk = disks[w.time.random.nextInt(disks.length)];
    switch (w.time.random.nextInt(12)) {
      case 0, 1, 2 -> w.disk(disk, false);
      case 3, 4 -> w.disk(disk, true);
      case 5 -> {
        w.disk(disk, false);
        w.disk(disk, true);
      }
      case 6 -> h.crash();
      case 7 -> {
        if (!h.alive) h.start();
      }
      case 8 -> h.partition(true);
      case 9 -> h.partition(false);
      case 10 -> {
        w.restartServer();
        w.server.uncertainPercent = 10;
      }
      default -> {
        for (String d : disks) w.disk(d, true);
      }
    }
  }

  private static void heal(World w) {
    for (String d : new String[] {"d0", "d1", "d2", "d3", "s0", "s1"}) w.disk(d, true);
    w.lossPercent = 0;
    w.server.uncertainPercent = 0;
    for (FakeHost h : w.hosts.values()) {
      if (!h.alive) h.start();
      else h.partition(false);
    }
  }
}
