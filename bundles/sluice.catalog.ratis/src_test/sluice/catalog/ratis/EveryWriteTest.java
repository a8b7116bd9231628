package sluice.catalog.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.SluiceException;

/**
 * The catalog killed at every call by which it changes its folder, and with its writes failing. With
 * -Dsluice.test.everyWrite=true every one of them; otherwise every rename, removal and change of a length, and of the others
 * every fifth.
 */
class EveryWriteTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final boolean ALL = Boolean.getBoolean("sluice.test.everyWrite");
  private static final int CHANGES = 18;
  private static final int SNAPSHOT_EVERY = 7;
  @TempDir Path temp;

  /** Opens the catalog twice and makes users, saying each name when it is confirmed; "! why" at the first failure. */
  static final class Writer {
    public static void main(String[] args) throws Exception {
      for (int start = 0; start < 2; start++) {
        try (RatisCatalogEngine engine = RatisCatalogEngine.open(Path.of(args[0]), SNAPSHOT_EVERY, LIMIT)) {
          if (start == 0) Commands.apply(engine, Commands.cluster());
          for (int i = start * CHANGES; i < (start + 1) * CHANGES; i++) {
            String name = "u" + i;
            try {
              Commands.apply(engine, Commands.user(name));
            } catch (ExecutionException e) {
              System.out.println("! " + engine.failure().map(SluiceException::getMessage).orElse("healthy"));
              refusesMore(engine);
              System.exit(0);
            }
            System.out.println(name);
          }
        } catch (SluiceException e) {
          System.out.println("! " + e.getMessage());
          System.exit(0);
        }
      }
    }

    private static void refusesMore(RatisCatalogEngine engine) throws Exception {
      try {
        Commands.apply(engine, Commands.user("later"));
        System.out.println("later");
      } catch (ExecutionException e) {
        System.out.println("refused");
      }
    }
  }

  @BeforeAll
  static void straceIsHereAndMayTrace() throws Exception {
    String why;
    try {
      Process p = new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "true").redirectErrorStream(true).start();
      why = new String(p.getInputStream().readAllBytes());
      if (p.waitFor() == 0) return;
    } catch (IOException e) {
      why = e.getMessage();
    }
    assumeTrue(false, "processes cannot be traced here: " + why);
  }

  private static List<String> writer(Path dir) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return List.of(java, "-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", ClassPath.ofThis(), Writer.class.getName(), dir.toString());
  }

  private List<String> run(List<String> strace, Path dir) throws Exception {
    List<String> command = new ArrayList<>(strace);
    command.addAll(writer(dir));
    Path out = Files.createTempFile(temp, "said", "");
    Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    assertTrue(p.waitFor(120, TimeUnit.SECONDS));
    return Files.readAllLines(out);
  }

  @Test
  void whereverItIsKilledAllThatWasConfirmedIsThereAndNothingElse() throws Exception {
    Path dir = Files.createDirectories(temp.resolve("real")).resolve("catalog");
    Path trace = temp.resolve("trace");
    List<String> said = run(Recording.command(trace), dir);
    assertEquals(2 * CHANGES, said.size(), said::toString);
    Recording recording = Recording.read(trace, dir);
    Path state = temp.resolve("state");
    Recording.Replay replay = recording.replay(state);
    int kills = 0;
    int plain = 0;
    int last = recording.calls().size() - 1;
    for (int n = 0; n < last; n++) {
      String done = replay.step(recording.calls().get(n));
      if (done == null) continue;
      boolean rare = done.startsWith("rename") || done.startsWith("unlink") || done.startsWith("ftruncate");
      if (!ALL && !rare && plain++ % 5 != 0) continue;
      Path crashed = temp.resolve("crashed");
      copy(state, crashed);
      assertHolds(crashed, recording.saidBefore(n + 1), "killed after call " + n + ": " + done);
      delete(crashed);
      kills++;
    }
    assertTrue(kills >= 20, kills + " kills");
    System.out.println("killed at " + kills + " calls");
  }

  private static void assertHolds(Path dir, List<String> confirmed, String when) throws Exception {
    try (RatisCatalogEngine engine = RatisCatalogEngine.open(dir, SNAPSHOT_EVERY, LIMIT)) {
      Set<String> found = new TreeSet<>(Commands.names(engine));
      found.remove("admin");
      Set<String> lost = new TreeSet<>(confirmed);
      lost.removeAll(found);
      assertTrue(lost.isEmpty(), () -> when + " lost " + lost);
      // one change may have been on its way to being confirmed
      assertTrue(found.size() <= confirmed.size() + 1, () -> when + " has " + found + " of " + confirmed);
    } catch (SluiceException e) {
      throw new AssertionError(when, e);
    }
  }

  @Test
  void whicheverOfItsWritesFailsNothingMoreIsConfirmedAndARestartHasTheRest() throws Exception {
    String log = "current/log_inprogress_";
    for (String error : new String[] {"EIO", "ENOSPC"}) {
      for (int n : ALL ? new int[] {1, 2, 3, 4, 5, 6, 8, 12, 16, 20} : new int[] {2, 9}) {
        for (String call : new String[] {"write,pwrite64", "fdatasync,fsync"}) {
          // each error early and late, and in either kind of call
          boolean chosen = (error.equals("EIO") == (n == 2)) == call.startsWith("write");
          if (!ALL && !chosen) continue;
          Path dir = Files.createDirectories(temp.resolve(error + n + call.length())).resolve("catalog");
          String file = dir.resolve(RaftSettings.GROUP.getUuid().toString()).resolve(log).toString();
          List<String> said = run(List.of("strace", "-f", "-qq", "-o", "/dev/null", "-e", "signal=none", "-P", file + "0",
              "-e", "trace=" + call, "-e", "inject=" + call + ":error=" + error + ":when=" + n + "+"), dir);
          String when = call + " " + n + " fails with " + error + ": " + said;
          int failed = 0;
          while (failed < said.size() && !said.get(failed).startsWith("!")) failed++;
          assertTrue(failed < said.size(), when);
          assertFalse(said.get(failed).contains("healthy"), when);
          assertFalse(said.contains("later"), when);
          assertHoldsMore(dir, said.subList(0, failed), when);
        }
      }
    }
  }

  /** After a failed write what was not confirmed may be there, as after any crash. */
  private static void assertHoldsMore(Path dir, List<String> confirmed, String when) throws Exception {
    try (RatisCatalogEngine engine = RatisCatalogEngine.open(dir, SNAPSHOT_EVERY, LIMIT)) {
      assertTrue(Commands.names(engine).containsAll(confirmed), when);
    } catch (SluiceException e) {
      throw new AssertionError(when, e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> all;
    try (var files = Files.walk(from)) {
      all = files.toList();
    }
    for (Path f : all) {
      Path target = to.resolve(from.relativize(f).toString());
      if (Files.isDirectory(f)) Files.createDirectories(target);
      else Files.copy(f, target);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path f : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(f);
    }
  }
}
