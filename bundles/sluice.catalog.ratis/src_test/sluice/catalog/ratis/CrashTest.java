package sluice.catalog.ratis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** What was acknowledged is there after a crash; what is damaged is refused, never shortened. */
class CrashTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  @TempDir Path temp;

  private static RatisCatalogEngine open(Path dir) {
    return RatisCatalogEngine.open(dir, 40, LIMIT);
  }

  private static Path current(Path dir) {
    return dir.resolve(RaftSettings.GROUP.getUuid().toString()).resolve("current");
  }

  private static Path openSegment(Path dir) throws IOException {
    try (var files = Files.list(current(dir))) {
      return files.filter(f -> f.getFileName().toString().startsWith("log_inprogress_")).findFirst().orElseThrow();
    }
  }

  /** In a process of its own: makes users, and says each name when it is acknowledged, until it is killed. */
  static final class Writer {
    public static void main(String[] args) throws Exception {
      RatisCatalogEngine engine = RatisCatalogEngine.open(Path.of(args[0]), Long.parseLong(args[2]), LIMIT);
      Commands.apply(engine, Commands.cluster());
      for (int i = 0; ; i++) {
        String name = args[1] + i;
        try {
          Commands.apply(engine, Commands.user(name));
        } catch (ExecutionException e) {
          SluiceException s = (SluiceException) e.getCause();
          System.out.println("! " + s.code() + " " + engine.failure().map(SluiceException::why).orElse("healthy"));
          engine.close();
          System.exit(0);
        }
        System.out.println(name);
      }
    }
  }

  private static ProcessBuilder writer(Path dir, String prefix, int snapshotEvery) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = ClassPath.ofThis();
    return new ProcessBuilder(java, "-Xmx256m", "-cp", classes, Writer.class.getName(), dir.toString(), prefix,
        Integer.toString(snapshotEvery))
        .redirectError(ProcessBuilder.Redirect.INHERIT);
  }

  @Test
  void afterKillingTheProcessThriceInMidWriteAllThatWasAcknowledgedIsThere() throws Exception {
    Path dir = temp.resolve("catalog");
    Set<String> acknowledged = new TreeSet<>();
    for (int round = 0; round < 3; round++) {
      Process p = writer(dir, "r" + round + "-", 40).start();
      try (BufferedReader said = p.inputReader()) {
        for (int i = 0; i < 60 + 37 * round; i++) acknowledged.add(said.readLine());
        // by its handle: Process.destroyForcibly would also throw away what the process has said
        p.toHandle().destroyForcibly();
        // what it said before it died counts as well
        for (String line = said.readLine(); line != null; line = said.readLine()) acknowledged.add(line);
      }
      assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    }
    try (RatisCatalogEngine engine = open(dir)) {
      Set<String> found = Commands.names(engine);
      assertTrue(found.containsAll(acknowledged), () -> "lost of " + acknowledged.size());
      assertTrue(found.size() <= acknowledged.size() + 1 + 3, found.size() + " of " + acknowledged.size());
    }
  }

  @Test
  void afterAFailedWriteNothingMoreIsAcknowledgedAndTheEngineSaysSo() throws Exception {
    Path dir = temp.resolve("catalog");
    // a real failure: the kernel refuses to let a file grow beyond 260 KiB, so the log cannot take its second 256 KiB
    List<String> command = writer(dir, "u".repeat(55), 10_000).command();
    String line = String.join("' '", command);
    Process p = new ProcessBuilder("bash", "-c", "ulimit -f 260; exec '" + line + "'")
        .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Set<String> acknowledged = new TreeSet<>();
    String last = "";
    try (BufferedReader said = p.inputReader()) {
      for (String s = said.readLine(); s != null; s = said.readLine()) {
        assertFalse(last.startsWith("!"), "acknowledged after a failure");
        if (!s.startsWith("!")) acknowledged.add(s);
        last = s;
      }
    }
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    assertTrue(last.startsWith("! IO the disk is full"), last);
    try (RatisCatalogEngine engine = open(dir)) {
      assertTrue(Commands.names(engine).containsAll(acknowledged), () -> "lost of " + acknowledged.size());
      Commands.apply(engine, Commands.user("after"));
    }
  }

  @Test
  void aCopyMadeAtAnyMomentHasAllThatWasAcknowledgedBeforeIt() throws Exception {
    Random random = new Random(11);
    try (RatisCatalogEngine engine = open(temp.resolve("catalog"))) {
      Commands.apply(engine, Commands.cluster());
      for (int copy = 0; copy < 8; copy++) {
        int count = 1 + random.nextInt(60);
        String prefix = "c" + copy + "-";
        Commands.users(engine, prefix, 0, count);
        Set<String> acknowledged = Commands.names(engine);
        // a change is under way while the files are copied
        var underWay = engine.submit(Commands.user("under-way-" + copy)).toCompletableFuture();
        Path crashed = temp.resolve("copy" + copy);
        copy(temp.resolve("catalog"), crashed);
        underWay.get(60, TimeUnit.SECONDS);
        try (RatisCatalogEngine again = open(crashed)) {
          assertTrue(Commands.names(again).containsAll(acknowledged), "copy " + copy);
          Commands.apply(again, Commands.user("after"));
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> all;
    try (var files = Files.walk(from)) {
      all = files.toList();
    }
    for (Path f : all) {
      Path target = to.resolve(from.relativize(f).toString());
      try {
        if (Files.isDirectory(f)) Files.createDirectories(target);
        else if (!f.getFileName().toString().equals("in_use.lock")) Files.copy(f, target);
      } catch (NoSuchFileException removedSince) {
        // a temporary file that became the real one, as a crash may find it too
      }
    }
  }

  @Test
  void theLastEntryCutAtAnyByteLosesNothingThatCameBeforeIt() throws Exception {
    Path whole = temp.resolve("catalog");
    long before;
    try (RatisCatalogEngine engine = RatisCatalogEngine.open(whole, 10_000, LIMIT)) {
      Commands.apply(engine, Commands.cluster());
      Commands.users(engine, "u", 0, 5);
      before = used(openSegment(whole));
      Commands.apply(engine, Commands.user("last"));
      copy(whole, temp.resolve("crashed"));
    }
    Path crashed = temp.resolve("crashed");
    int end = used(openSegment(crashed));
    // opening takes a second: a few cuts in full, of both kinds; LogTailTest has every byte
    for (int cut : new int[] {(int) before + 1, (int) before + 2, (end + (int) before) / 2, end - 4, end - 1}) {
      for (boolean zeros : new boolean[] {true, false}) {
        Path dir = temp.resolve("cut-" + cut + zeros);
        copy(crashed, dir);
        try (RandomAccessFile log = new RandomAccessFile(openSegment(dir).toFile(), "rw")) {
          long length = log.length();
          log.setLength(cut);
          if (zeros) log.setLength(length);
        }
        try (RatisCatalogEngine engine = open(dir)) {
          Set<String> found = Commands.names(engine);
          for (int i = 0; i < 5; i++) assertTrue(found.contains("u" + i), "cut at " + cut);
          assertFalse(found.contains("last"));
        }
      }
    }
  }

  private static int used(Path segment) throws IOException {
    byte[] b = Files.readAllBytes(segment);
    int n = b.length;
    while (n > 0 && b[n - 1] == 0) n--;
    return n;
  }

  private Path filled(int users, boolean snapshot) throws Exception {
    Path dir = temp.resolve("catalog");
    try (RatisCatalogEngine engine = RatisCatalogEngine.open(dir, 10_000, LIMIT)) {
      Commands.apply(engine, Commands.cluster());
      Commands.users(engine, "u", 0, users);
      if (snapshot) engine.snapshot().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    return dir;
  }

  private static void flip(Path file, int at) throws IOException {
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.seek(at);
      int b = f.read();
      f.seek(at);
      f.write(b ^ 0x10);
    }
  }

  private static SluiceException refused(Path dir) {
    SluiceException e = assertThrows(SluiceException.class, () -> open(dir).close());
    assertEquals(ErrorCode.CORRUPT, e.code(), e::toString);
    assertTrue(e.correction().contains("backup"), e.correction());
    return e;
  }

  @Test
  void aFlippedBitInTheLogIsRefused() throws Exception {
    Path dir = filled(10, false);
    try (var files = Files.list(current(dir))) {
      Path log = files.filter(f -> f.getFileName().toString().startsWith("log_")).findFirst().orElseThrow();
      flip(log, used(log) / 2);
    }
    refused(dir);
  }

  @Test
  void aFlippedBitInTheSnapshotIsRefused() throws Exception {
    Path dir = filled(10, true);
    Path snapshots = current(dir).resolveSibling("sm");
    try (var files = Files.list(snapshots)) {
      flip(files.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+")).findFirst().orElseThrow(), 20);
    }
    refused(dir);
  }

  @Test
  void aLogWithoutItsSnapshotIsRefused() throws Exception {
    Path dir = temp.resolve("catalog");
    try (RatisCatalogEngine engine = open(dir)) {
      Commands.apply(engine, Commands.cluster());
      Commands.users(engine, "u", 0, 60);
      engine.snapshot().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    // a new start begins a new segment, and the next snapshot purges what came before
    try (RatisCatalogEngine engine = open(dir)) {
      Commands.users(engine, "v", 0, 60);
      engine.snapshot().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
    try (RatisCatalogEngine engine = open(dir)) {
      Commands.users(engine, "w", 0, 3);
    }
    Path snapshots = current(dir).resolveSibling("sm");
    try (var files = Files.list(snapshots)) {
      for (Path f : files.toList()) if (f.getFileName().toString().startsWith("snapshot.")) Files.delete(f);
    }
    assertTrue(refused(dir).why().contains("snapshot"));
  }

  @Test
  void aLogThatIsGoneIsNotTakenForAFirstStart() throws Exception {
    Path dir = filled(2, false);
    try (var files = Files.walk(current(dir).getParent())) {
      for (Path f : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(f);
    }
    assertTrue(refused(dir).why().contains("log is gone"));
  }
}
