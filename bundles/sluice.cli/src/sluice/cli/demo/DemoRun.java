package sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import sluice.api.ErrorCode;
import sluice.cli.CliContext;
import sluice.cli.output.ProgressLine;
import sluice.protocol.v1.VolumeStatus;

/** The demo's steps, each of which shows one thing and notes what it proved. Main thread; {@link #close} from any. */
final class DemoRun implements AutoCloseable {
  private static final long DISK_BYTES = 512L << 20;
  private static final int BLOCKS = 16384;
  private static final int DEPTH = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CliContext context;
  private final Path dir;
  private final boolean removeDir;
  private final San san;
  private final LocalCluster cluster;
  private final Stage stage;
  private final MirrorPart mirror;
  private VerifiedLoad load;
  private VerifiedLoad other;
  private String uri = "";
  private boolean closed;

  DemoRun(CliContext context, Path dir, boolean removeDir) {
    this.context = context;
    this.dir = dir;
    this.removeDir = removeDir;
    san = new San(dir);
    cluster = new LocalCluster(context, dir, "127.0.0.1", "127.0.0.2");
    stage = new Stage(context);
    mirror = new MirrorPart(stage, san, cluster);
  }

  /** The NBD URI of the volume. */
  String uri() {
    return uri;
  }

  /** In which programs find the demo's cluster. */
  Map<String, String> environment() {
    return cluster.environment();
  }

  /** Returns the exit code: 0 if not one request failed and not one byte differed. */
  int show() {
    build();
    goDirect();
    breakTheWay();
    takeItBack();
    killTheServer();
    for (VerifiedLoad each : List.of(load, other)) stage.count(each.finish());
    mirror.show();
    stage.summary();
    return stage.wrong() == 0 ? 0 : ErrorCode.IO.exitCode();
  }

  private void build() {
    stage.step("A server on two networks, four disks, two hosts, each a process of its own, in " + dir);
    try (ProgressLine line = new ProgressLine(context.err(), context.terminal(), "starting")) {
      cluster.startServer();
      List<String> names = new ArrayList<>();
      for (int i = 1; i <= 4; i++) {
        names.add("d" + i);
        Path file = cluster.disk("d" + i, DISK_BYTES);
        cluster.run("disk", "add", "file:" + file, "--name", "d" + i);
        san.connect("d" + i, file);
      }
      // For later: the server does not know them yet.
      for (String disk : MirrorPart.DISKS) san.connect(disk, cluster.disk(disk, DISK_BYTES));
      List<String> pool = new ArrayList<>(List.of("pool", "create", "demo"));
      pool.addAll(names);
      cluster.run(pool.toArray(String[]::new));
      for (String host : List.of("h1", "h2")) {
        List<String> more = new ArrayList<>();
        for (String way : san.port(host)) more.addAll(List.of("--disk", way));
        cluster.startAgent(host, more.toArray(String[]::new));
      }
    }
    stage.print(cluster.run("pool", "list"));
  }

  private void goDirect() {
    stage.step("A volume for each host, striped over the disks, attached as an NBD export that any program can use");
    for (int i = 1; i <= 2; i++) {
      cluster.run("volume", "create", "v" + i, "--size", "256M", "--pool", "demo", "--stripes", "4");
      cluster.run("volume", "grant", "v" + i, "h" + i);
      String at = cluster.run("volume", "attach", "v" + i, "h" + i).strip();
      if (i == 1) uri = at;
      stage.say("  v" + i + " on h" + i + ": " + at);
    }
    load = load("h1", "v1");
    other = load("h2", "v2");
    awaitRoute("v1", VolumeStatus.Route.DIRECT);
    awaitRoute("v2", VolumeStatus.Route.DIRECT);
    load.look();
    Pause.milliseconds(2000);
    stage.figures("straight to the disks for 2 s", load.look());
    stage.prove("a host reads and writes straight to the disks, by the layout that the server gave it");
  }

  private VerifiedLoad load(String host, String volume) {
    return new VerifiedLoad(cluster.agentDir(host).resolve("volumes").resolve(volume + ".sock"), volume, BLOCKS, DEPTH);
  }

  private void breakTheWay() {
    stage.step("h1's way to the disks breaks while it reads and writes: every request on it ends with an I/O error");
    other.look();
    san.breakPort("h1");
    long ms = awaitRoute("v1", VolumeStatus.Route.SERVER);
    Pause.milliseconds(2000);
    VerifiedLoad.Figures f = load.look();
    stage.figures("through the server", f);
    stage.say(String.format(Locale.ROOT, "  the slowest request, redirected ones included, took %.1f ms; the status said so after %d ms", f.quantileMs(1), ms));
    stage.print(cluster.run("volume", "list"));
    stage.proveIf(f, "the way broke under load: requests were redirected through the server, none failed, none was lost");
    VerifiedLoad.Figures neighbour = other.look();
    if (cluster.status("v2").getRoute() == VolumeStatus.Route.DIRECT) {
      stage.proveIf(neighbour, "h2, which shares the disks, noticed nothing: trouble on one host's way is not trouble of the disk");
    } else stage.wrong("h2 left its direct route although its way was good");
  }

  private void takeItBack() {
    stage.step("The way is mended");
    san.mend("h1");
    long ms = awaitRoute("v1", VolumeStatus.Route.DIRECT);
    VerifiedLoad.Figures f = load.look();
    stage.figures("on the way back", f);
    stage.say("  straight again after " + ms + " ms: only after several good probes, so that a flapping way is not trusted at once");
    stage.proveIf(f, "the way back was taken by itself");
  }

  private void killTheServer() {
    stage.step("The server is killed (SIGKILL) and stays away for 3 s");
    load.look();
    cluster.server().kill();
    Pause.milliseconds(3000);
    VerifiedLoad.Figures without = load.look();
    stage.figures("without a server", without);
    if (without.total() == 0) stage.wrong("I/O stood still while the server was away");
    cluster.startServer();
    Pause.until("the hosts' sessions", PATIENCE, () -> cluster.status("v1").getHeld());
    stage.figures("while it came back", load.look());
    stage.print(cluster.run("status"));
    stage.proveIf(without, "a lost server did not stop healthy I/O, and the restarted one knew everything that it had confirmed");
  }

  private long awaitRoute(String volume, VolumeStatus.Route route) {
    try (ProgressLine line = new ProgressLine(context.err(), context.terminal(), "waiting for the route " + route.name().toLowerCase(Locale.ROOT))) {
      return Pause.until(volume + " on the route " + route.name().toLowerCase(Locale.ROOT), PATIENCE, () -> cluster.status(volume).getRoute() == route);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    // The loads first, while there is somebody to answer them; then hosts before the network they stand on.
    for (VerifiedLoad each : new VerifiedLoad[] {load, other}) if (each != null) each.close();
    mirror.close();
    cluster.close();
    san.close();
    if (removeDir) remove();
  }

  private void remove() {
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(p);
    } catch (IOException e) {
      stage.say("The folder " + dir + " could not be removed: " + e.getMessage());
    }
  }
}
