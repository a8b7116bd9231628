package sluice.cli.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.CliContext;
import sluice.cli.demo.ChildProgram;
import sluice.cli.demo.LocalCluster;
import sluice.cli.demo.Pause;
import sluice.cli.demo.San;
import sluice.cli.demo.VerifiedLoad;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * Sluice with everything on: a disk past the page cache, one in it, and a host for each thing that is measured.
 * Mapping, leases, counters and checks are what they always are.
 */
final class SluiceUnderTest implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MARGIN = 64L << 20;
  /** Size of each volume that is redirected. */
  private static final long LOAD_BYTES = 4L << 20;
  /** How many of them the disk has room for. */
  private static final int MOST_BREAKS = 32;
  /** Requests in flight while the way is broken. */
  private static final int DEPTH = 32;
  private static final int AROUND_MS = 200;
  private static final int WARM_MS = 5_000;

  private final LocalCluster cluster;
  private final San san;
  private final Path direct;
  private final Path cached;
  private final Path zeroes;
  private final long volumeBytes;
  private ChildProgram h1;
  private ChildProgram h2;

  /** @param offset of the volume's extent on the disk */
  private record Own(String name, String uri, long extentOffset, List<Long> pids) implements Contestant {
    @Override
    public long offset() {
      // A volume begins where it begins; only peers see the whole disk.
      return 0;
    }
  }

  SluiceUnderTest(CliContext context, Path dir, long volumeBytes) {
    this.volumeBytes = volumeBytes;
    cluster = new LocalCluster(context, dir, "127.0.0.1");
    san = new San(dir);
    direct = cluster.disk("direct", 2 * volumeBytes + 16 * MARGIN);
    cached = cluster.disk("cached", volumeBytes + MARGIN);
    zeroes = cluster.disk("zeroes", MOST_BREAKS * LOAD_BYTES + MARGIN);
    allocate(direct, 0x5a);
    allocate(cached, 0x5a);
    // The verified load takes a block that was never written for zeroes.
    allocate(zeroes, 0);
  }

  /** Blocks that exist: to write into a hole would measure the file system. */
  private static void allocate(Path file, int content) {
    byte[] piece = new byte[1 << 20];
    Arrays.fill(piece, (byte) content);
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      long size = f.length();
      for (long at = 0; at < size; at += piece.length) {
        // The label's places stay empty, or the disk would be taken for one in use.
        if (at >= 16L << 20 && at < size - (4L << 20)) {
          f.seek(at);
          f.write(piece);
        }
      }
      f.getFD().sync();
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, file + " cannot be filled", e.toString(), "name a folder with room with --dir", List.of(file.toString()));
    }
  }

  void start() {
    cluster.startServer();
    cluster.run("disk", "add", "file:" + direct, "--name", "direct");
    cluster.run("disk", "add", "file:" + cached + "?cache=on", "--name", "cached");
    cluster.run("disk", "add", "file:" + zeroes, "--name", "zeroes");
    cluster.run("pool", "create", "direct", "direct");
    cluster.run("pool", "create", "zeroes", "zeroes");
    cluster.run("pool", "create", "cached", "cached");
    h1 = cluster.startAgent("h1");
    h2 = cluster.startAgent("h2");
  }

  Path directFile() {
    return direct;
  }

  Path cachedFile() {
    return cached;
  }

  /** A volume straight on the disk past the page cache. */
  Contestant direct(String name) {
    return attach(name, "direct", "direct", "h1", VolumeStatus.Route.DIRECT, List.of(h1.pid()));
  }

  Contestant cached(String name) {
    return attach(name, "cached", "cached", "h1", VolumeStatus.Route.DIRECT, List.of(h1.pid()));
  }

  /** A volume on a host whose direct route is stopped, so that all goes through the server. */
  Contestant viaServer(String name) {
    Contestant found = attach(name, "server", "direct", "h2", VolumeStatus.Route.DIRECT, List.of(h2.pid(), cluster.server().pid()));
    cluster.run("bundle", "stop", "sluice.agent.direct", "--dir", cluster.agentDir("h2").toString());
    awaitRoute("server", VolumeStatus.Route.SERVER);
    return found;
  }

  /** Byte of the disk at which a volume's blocks lie. */
  static long extentOffset(Contestant own) {
    return ((Own) own).extentOffset;
  }

  private Contestant attach(String name, String volume, String pool, String host, VolumeStatus.Route route, List<Long> pids) {
    String uri = attach(volume, pool, volumeBytes, host);
    awaitRoute(volume, route);
    Picture p = cluster.picture();
    long offset = 0;
    for (Volume v : p.getVolumesList()) {
      if (v.getName().equals(volume)) offset = v.getLayout().getSegments(0).getLegs(0).getColumns(0).getOffsetBytes();
    }
    return new Own(name, uri, offset, pids);
  }

  private String attach(String volume, String pool, long bytes, String host) {
    cluster.run("volume", "create", volume, "--size", Long.toString(bytes), "--pool", pool);
    cluster.run("volume", "grant", volume, host);
    return cluster.run("volume", "attach", volume, host).strip();
  }

  private void awaitRoute(String volume, VolumeStatus.Route route) {
    Pause.until(volume + " on the route " + route, PATIENCE, () -> cluster.status(volume).getRoute() == route);
  }

  /** Kilobytes of an agent's memory that are resident with 64 volumes attached. */
  long residentKib() {
    ChildProgram many = cluster.startAgent("h3");
    for (int i = 0; i < 64; i++) attach("m" + i, "direct", 1 << 20, "h3");
    awaitRoute("m63", VolumeStatus.Route.DIRECT);
    try {
      String resident = Machine.value(Files.readAllLines(Path.of("/proc", Long.toString(many.pid()), "status")), "VmRSS");
      return Long.parseLong(resident.replaceAll("[^0-9]", ""));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the agent's memory cannot be read", e.toString(), "", List.of());
    }
  }

  /**
   * Milliseconds that redirected requests took, from their sending to their answer: the direct way and its hard error
   * included. At each break all {@link #DEPTH} requests in flight meet the error; the slowest that many around the break are
   * taken for them, so the figure errs upwards.
   *
   * <p>Each break is the first one of a volume of its own: a volume whose way breaks again and again gets it back later
   * and later. One break before, unmeasured, runs the code of it on both sides.
   */
  double[] redirectedMs(int breaks) {
    san.connect("zeroes", zeroes);
    String way = san.port("h4").get(0);
    cluster.startAgent("h4", "--disk", way);
    aroundBreak("w", WARM_MS);
    double[] found = new double[breaks * DEPTH];
    for (int i = 0; i < breaks; i++) {
      long[] sorted = aroundBreak("r" + i, AROUND_MS).latencies;
      for (int k = 0; k < DEPTH; k++) found[i * DEPTH + k] = sorted[sorted.length - 1 - k] / 1e6;
    }
    return found;
  }

  private VerifiedLoad.Figures aroundBreak(String volume, int milliseconds) {
    attach(volume, "zeroes", LOAD_BYTES, "h4");
    awaitRoute(volume, VolumeStatus.Route.DIRECT);
    try (VerifiedLoad load = new VerifiedLoad(cluster.agentDir("h4").resolve("volumes").resolve(volume + ".sock"), volume, (int) (LOAD_BYTES >> 12), DEPTH)) {
      // A break shows nothing unless there is I/O that meets it.
      Pause.until("I/O to volume " + volume, PATIENCE, () -> load.look().total() > DEPTH);
      Pause.milliseconds(AROUND_MS);
      load.look();
      san.breakPort("h4");
      // Not for a time only: requests that take longer than any such time are those that count most.
      load.awaitUnderWay(PATIENCE);
      Pause.milliseconds(milliseconds);
      VerifiedLoad.Figures f = load.look();
      awaitRoute(volume, VolumeStatus.Route.SERVER);
      if (f.errors + f.mismatches > 0) throw new SluiceException(ErrorCode.IO, f.errors + " requests failed and " + f.mismatches + " blocks were wrong", "", "");
      return f;
    } finally {
      san.mend("h4");
    }
  }

  @Override
  public void close() {
    cluster.close();
    san.close();
  }
}
