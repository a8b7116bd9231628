package sluice.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Invariant 7: the server is killed again and again while it makes volumes; what it has confirmed is there. */
class CatalogKillTest {
  private static final int KILLS = 4;
  /** A slow machine kills less often, but {@value #LEAST_KILLS} times at least. EveryWriteTest kills at chosen moments. */
  private static final long ENOUGH_SECONDS = 15;
  private static final int LEAST_KILLS = 2;
  private static final int CALLERS = 2;
  private static final long MB = 1 << 20;

  /** Makes volumes one after the other, and deletes every third again; what was confirmed is noted. */
  private static final class Caller extends Thread {
    private final Cluster cluster;
    private final String prefix;
    private final Map<String, Long> confirmed = new ConcurrentHashMap<>();
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private volatile boolean enough;
    private volatile Throwable failure;

    Caller(Cluster cluster, String prefix) {
      this.cluster = cluster;
      this.prefix = prefix;
      setUncaughtExceptionHandler((t, e) -> failure = e);
      start();
    }

    @Override
    public void run() {
      for (int i = 0; !enough; i++) {
        String name = prefix + i;
        long size = 2 + i % 3 * 2; // even, since a stripe of two is rounded up to two units
        Tool.Result made = cluster.cli("volume", "create", name, "--size", size + "M", "--pool", "gold", "--stripes", "" + (1 + i % 2));
        if (made.exit() != 0) continue; // there or not: nobody was told
        if (i % 3 != 2) confirmed.put(name, size * MB);
        else if (cluster.cli("volume", "delete", name).exit() == 0) deleted.add(name);
      }
    }

    void end() {
      enough = true;
      try {
        join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (failure != null) throw new AssertionError(failure);
    }
  }

  private static long made(List<Caller> callers) {
    return callers.stream().mapToLong(c -> c.confirmed.size() + c.deleted.size()).sum();
  }

  private static Map<String, Long> volumes(Cluster cluster) {
    Map<String, Long> sizes = new TreeMap<>();
    for (JsonNode v : cluster.json("volume", "list")) {
      String name = v.path("name").asText();
      assertTrue(sizes.put(name, v.path("size_bytes").asLong()) == null, name + " is there twice");
      long mapped = 0;
      for (JsonNode s : v.path("layout").path("segments")) mapped += s.path("length_bytes").asLong();
      assertEquals(v.path("size_bytes").asLong(), mapped, name + " is half a volume: " + v);
    }
    return sizes;
  }

  /** No extent overlaps another, and pool and disks count what the volumes have, once. */
  private static void assertSpaceAddsUp(Cluster cluster) {
    JsonNode all = cluster.json("volume", "list");
    Map<String, TreeMap<Long, Long>> extents = new TreeMap<>();
    long used = 0;
    for (JsonNode column : all.findValues("columns")) {
      for (JsonNode e : column) {
        extents.computeIfAbsent(e.path("disk_id").asText(), d -> new TreeMap<>()).put(e.path("offset_bytes").asLong(), e.path("length_bytes").asLong());
        used += e.path("length_bytes").asLong();
      }
    }
    extents.forEach((disk, on) -> {
      long end = 0;
      for (Map.Entry<Long, Long> e : on.entrySet()) {
        assertTrue(e.getKey() >= end, "extents overlap on disk " + disk + ": " + on);
        end = e.getKey() + e.getValue();
      }
    });
    JsonNode pool = cluster.json("pool", "show", "gold");
    JsonNode listed = cluster.json("pool", "list").get(0);
    assertEquals(used, listed.path("allocated_bytes").asLong(), "allocated by pool: " + pool);
    assertEquals(listed.path("total_bytes").asLong(), used + listed.path("free_bytes").asLong());
  }

  @Test
  void whateverWasConfirmedIsThereAfterEachKillAndOnTheDisks() {
    Random random = new Random();
    List<Caller> callers = new ArrayList<>();
    Map<String, Long> last;
    Path d1;
    Path d2;
    try (Cluster cluster = Cluster.start("ck")) {
      d1 = cluster.disk("d1", 512);
      d2 = cluster.disk("d2", 512);
      cluster.pool("gold", d1, d2);
      for (int i = 0; i < CALLERS; i++) callers.add(new Caller(cluster, "v" + (char) ('a' + i)));
      try {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ENOUGH_SECONDS);
        for (int kill = 0; kill < KILLS && (kill < LEAST_KILLS || System.nanoTime() < end); kill++) {
          long before = made(callers);
          Await.until("volumes are made", () -> made(callers) > before);
          LockSupport.parkNanos(random.nextInt(1_500) * 1_000_000L);
          cluster.server().kill();
          cluster.startServer();
          assertHolds(cluster, callers);
        }
      } finally {
        callers.forEach(Caller::end);
      }
      assertHolds(cluster, callers);
      assertSpaceAddsUp(cluster);
      // one more change brings the disks up to date, whatever a kill has kept from them
      cluster.ok("volume", "create", "last", "--size", "1M", "--pool", "gold");
      last = volumes(cluster);
      assertTrue(last.size() > 1, "too little was made to tell anything: " + last);
      cluster.server().kill();
    }
    try (Cluster fresh = Cluster.start("cf")) {
      fresh.ok("pool", "import", "file:" + d1, "file:" + d2, "--take-over");
      assertEquals(last, volumes(fresh));
      assertSpaceAddsUp(fresh);
    }
  }

  private static void assertHolds(Cluster cluster, List<Caller> callers) {
    // before the list is read, so that everything in them must be in it, or must not
    Map<String, Long> confirmed = new TreeMap<>();
    Set<String> deleted = new TreeSet<>();
    for (Caller c : callers) {
      confirmed.putAll(c.confirmed);
      deleted.addAll(c.deleted);
    }
    Map<String, Long> there = volumes(cluster);
    confirmed.forEach((name, size) -> assertEquals(size, there.get(name), name + " was confirmed; there is " + there));
    deleted.forEach(name -> assertTrue(!there.containsKey(name), name + " was deleted"));
  }
}
