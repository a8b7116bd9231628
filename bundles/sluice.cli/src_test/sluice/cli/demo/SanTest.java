package sluice.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The demo's network and load, against each other. */
class SanTest {
  private Path dir;
  private San san;

  @BeforeEach
  void disk() throws IOException {
    dir = Files.createTempDirectory(Files.createDirectories(Path.of("target")).toAbsolutePath(), "san");
    Path file = dir.resolve("d1.img");
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.setLength(64 << 20);
    }
    san = new San(dir);
    san.connect("d1", file);
  }

  @AfterEach
  void end() {
    san.close();
  }

  private VerifiedLoad load(String host) {
    return new VerifiedLoad(dir.resolve(host + ".san"), "d1", 64, 8);
  }

  private static VerifiedLoad.Figures some(VerifiedLoad load) {
    VerifiedLoad.Figures[] seen = {load.look()};
    Pause.until("requests", Duration.ofSeconds(20), () -> {
      VerifiedLoad.Figures f = load.look();
      seen[0].reads += f.reads;
      seen[0].writes += f.writes;
      seen[0].errors += f.errors;
      seen[0].mismatches += f.mismatches;
      return seen[0].total() + seen[0].errors > 2000;
    });
    return seen[0];
  }

  @Test
  void aHostReachesItsDisksByItsOwnPort() {
    assertEquals(List.of("nbd+unix:///d1?socket=" + dir.resolve("h1.san")), san.port("h1"));
    try (VerifiedLoad load = load("h1")) {
      VerifiedLoad.Figures f = some(load);
      assertEquals(0, f.errors + f.mismatches);
    }
  }

  @Test
  void aBrokenPortFailsEverythingAndNobodyElseNotices() {
    san.port("h1");
    san.port("h2");
    try (VerifiedLoad other = load("h2")) {
      some(other);
      san.breakPort("h1");
      try (VerifiedLoad load = load("h1")) {
        Pause.until("errors", Duration.ofSeconds(20), () -> load.look().errors > 0);
      }
      assertEquals(0, some(other).errors);
    }
  }

  @Test
  void whoAsksIsToldOfEveryErrorAndOfEveryAnswer() {
    san.port("h1");
    Set<Long> refused = ConcurrentHashMap.newKeySet();
    Set<Long> answered = ConcurrentHashMap.newKeySet();
    san.tell((offset, nanos) -> refused.add(offset));
    try (VerifiedLoad load = load("h1")) {
      some(load);
      assertTrue(refused.isEmpty());
      load.tell((block, sent, ended) -> answered.add((long) block * BlockPattern.BLOCK));
      san.breakPort("h1");
      Pause.until("errors", Duration.ofSeconds(20), () -> load.look().errors > 0);
      load.awaitUnderWay(Duration.ofSeconds(20));
    }
    assertTrue(!refused.isEmpty() && answered.containsAll(refused), refused + " refused, " + answered + " answered");
  }

  @Test
  void whatIsInFlightAtABreakIsAwaitedHoweverItEnds() {
    san.port("h1");
    try (VerifiedLoad load = load("h1")) {
      some(load);
      load.look();
      san.breakPort("h1");
      load.awaitUnderWay(Duration.ofSeconds(20));
      VerifiedLoad.Figures f = load.look();
      assertTrue(f.total() + f.errors >= 8, f.total() + " answers, " + f.errors + " errors");
    }
  }

  @Test
  void everyBlockIsReadOnceAndThenTheLoadGoesOn() {
    san.port("h1");
    try (VerifiedLoad load = load("h1")) {
      some(load);
      VerifiedLoad.Figures all = load.readAll(Duration.ofSeconds(20));
      assertEquals(0, all.errors + all.mismatches);
      assertTrue(all.reads >= 64, all.reads + " reads");
      assertTrue(some(load).writes > 0);
    }
  }

  @Test
  void readingEveryBlockFindsJustThoseThatSomebodyElseHasWritten() {
    san.port("h1");
    try (VerifiedLoad load = load("h1")) {
      some(load);
    }
    // Knows nothing of the 64 blocks that the first has written, and uses as many behind them. What it does before it reads
    // them all, which is little, makes the figure uncertain by as much.
    try (VerifiedLoad load = new VerifiedLoad(dir.resolve("h1.san"), "d1", 128, 1)) {
      VerifiedLoad.Figures all = load.readAll(Duration.ofSeconds(20));
      long before = all.total() - 128;
      assertTrue(Math.abs(all.mismatches - 64) <= before, all.mismatches + " blocks differ, " + before + " requests before");
    }
  }

  @Test
  void aBrokenDiskFailsForEverybodyAndComesBackAsItWas() {
    san.port("h1");
    san.port("h2");
    try (VerifiedLoad one = load("h1")) {
      some(one);
      one.readAll(Duration.ofSeconds(20));
      san.breakDisk("d1");
      Pause.until("errors", Duration.ofSeconds(20), () -> one.look().errors > 0);
      try (VerifiedLoad two = load("h2")) {
        Pause.until("errors", Duration.ofSeconds(20), () -> two.look().errors > 0);
      }
      san.mendDisk("d1");
      one.awaitUnderWay(Duration.ofSeconds(20));
      one.look();
      assertEquals(0, some(one).errors);
    }
  }

  @Test
  void theLoadSeesABlockThatSomebodyElseHasWritten() {
    san.port("h1");
    san.port("h2");
    try (VerifiedLoad one = load("h1")) {
      some(one);
      try (VerifiedLoad two = load("h2")) {
        assertTrue(some(two).mismatches > 0, "two loads on the same blocks must disturb each other");
      }
    }
  }
}
