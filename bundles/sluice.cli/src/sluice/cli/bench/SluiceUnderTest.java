package sluice.cli.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.CliContext;
import sluice.cli.demo.BlockPattern;
import sluice.cli.demo.ChildProgram;
import sluice.cli.demo.LocalCluster;
import sluice.cli.demo.Pause;
import sluice.cli.demo.San;
import sluice.cli.demo.VerifiedLoad;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/**
 * Sluice with everything on: a pool of its own for each thing that is measured, made when it is first asked for. Mapping, leases,
 * write intents, counters and checks are what they always are.
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
  private final long volumeBytes;
  /** By name; a pool has its disks' first one's name. */
  private final Map<String, Path> disks = new LinkedHashMap<>();
  private ChildProgram h1;
  private ChildProgram h2;
  private Own directVolume;

  /** @param legs where the volume's blocks lie, leg by leg */
  private record Own(String name, String uri, List<FileExtent> legs, List<Long> pids) implements Contestant {
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
    h1 = cluster.startAgent("h1");
    h2 = cluster.startAgent("h2");
  }

  /** A pool of new disks, each of that many bytes and full of something. */
  private void pool(long bytes, String options, int content, String... names) {
    if (disks.containsKey(names[0])) return;
    List<String> create = new ArrayList<>(List.of("pool", "create", names[0]));
    for (String name : names) {
      Path file = cluster.disk(name, bytes);
      allocate(file, content);
      disks.put(name, file);
      cluster.run("disk", "add", "file:" + file + options, "--name", name);
      create.add(name);
    }
    cluster.run(create.toArray(String[]::new));
  }

  /** A volume straight on the disk past the page cache. */
  Contestant direct(String name) {
    pool(2 * volumeBytes + 16 * MARGIN, "", 0x5a, "direct");
    if (directVolume == null) directVolume = attach(name, "direct", "direct", "h1", 1, List.of(h1.pid()));
    return new Own(name, directVolume.uri, directVolume.legs, directVolume.pids);
  }

  Contestant cached(String name) {
    pool(volumeBytes + MARGIN, "?cache=on", 0x5a, "cached");
    return attach(name, "cached", "cached", "h1", 1, List.of(h1.pid()));
  }

  /** A volume of two legs on disks of their own, past the page cache. */
  Contestant mirrored(String name) {
    pool(volumeBytes + MARGIN, "", 0x5a, "left", "right");
    return attach(name, "mirrored", "left", "h1", 2, List.of(h1.pid()));
  }

  /** A volume on a host whose direct route is stopped, so that all goes through the server; on the same disk as {@link #direct}. */
  Contestant viaServer(String name) {
    Contestant found = attach(name, "server", "direct", "h2", 1, List.of(h2.pid(), cluster.server().pid()));
    cluster.run("bundle", "stop", "sluice.agent.direct", "--dir", cluster.agentDir("h2").toString());
    awaitRoute("server", VolumeStatus.Route.SERVER);
    return found;
  }

  /** Where a volume's blocks lie, leg by leg. */
  static List<FileExtent> legs(Contestant own) {
    return ((Own) own).legs;
  }

  private Own attach(String name, String volume, String pool, String host, int legs, List<Long> pids) {
    String uri = attach(volume, pool, volumeBytes, host, legs);
    awaitRoute(volume, VolumeStatus.Route.DIRECT);
    return new Own(name, uri, extents(volume), pids);
  }

  private List<FileExtent> extents(String volume) {
    Map<String, Path> files = new LinkedHashMap<>();
    cluster.picture().getDisksList().forEach(d -> files.put(d.getId(), disks.get(d.getName())));
    List<FileExtent> found = new ArrayList<>();
    for (Volume v : cluster.picture().getVolumesList()) {
      if (!v.getName().equals(volume)) continue;
      // Peers take one piece of a file for a leg.
      if (v.getLayout().getSegmentsCount() != 1) throw new SluiceException(ErrorCode.INTERNAL, "volume " + volume + " is not in one piece", "", "");
      for (Leg leg : v.getLayout().getSegments(0).getLegsList()) {
        found.add(new FileExtent(files.get(leg.getColumns(0).getDiskId()), leg.getColumns(0).getOffsetBytes(), volumeBytes));
      }
    }
    return found;
  }

  private String attach(String volume, String pool, long bytes, String host, int legs) {
    cluster.run("volume", "create", volume, "--size", Long.toString(bytes), "--pool", pool, "--legs", Integer.toString(legs));
    cluster.run("volume", "grant", volume, host);
    return cluster.run("volume", "attach", volume, host).strip();
  }

  private void awaitRoute(String volume, VolumeStatus.Route route) {
    Pause.until(volume + " on the route " + route, PATIENCE, () -> cluster.status(volume).getRoute() == route);
  }

  /** Kilobytes of an agent's memory that are resident with 64 volumes attached. */
  long residentKib() {
    pool(2 * volumeBytes + 16 * MARGIN, "", 0x5a, "direct");
    ChildProgram many = cluster.startAgent("h3");
    for (int i = 0; i < 64; i++) attach("m" + i, "direct", 1 << 20, "h3", 1);
    awaitRoute("m63", VolumeStatus.Route.DIRECT);
    try {
      String resident = Machine.value(Files.readAllLines(Path.of("/proc", Long.toString(many.pid()), "status")), "VmRSS");
      return Long.parseLong(resident.replaceAll("[^0-9]", ""));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the agent's memory cannot be read", e.toString(), "", List.of());
    }
  }

  /**
   * Milliseconds from the hard error that a request met on its way to the disk to its answer, which then came by the server route; of
   * each request that met one, with {@link #DEPTH} always in flight.
   *
   * <p>Each break is the first one of a volume of its own: a volume whose way breaks again and again gets it back later
   * and later. One break before, unmeasured, runs the code of it on both sides.
   */
  double[] redirectedMs(int breaks) {
    // The verified load takes a block that was never written for zeroes.
    pool(MOST_BREAKS * LOAD_BYTES + MARGIN, "", 0, "zeroes");
    san.connect("zeroes", disks.get("zeroes"));
    String way = san.port("h4").get(0);
    cluster.startAgent("h4", "--disk", way);
    aroundBreak("w", WARM_MS);
    List<Double> found = new ArrayList<>();
    for (int i = 0; i < breaks; i++) for (double ms : aroundBreak("r" + i, AROUND_MS)) found.add(ms);
    return found.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private double[] aroundBreak(String volume, int milliseconds) {
    attach(volume, "zeroes", LOAD_BYTES, "h4", 1);
    awaitRoute(volume, VolumeStatus.Route.DIRECT);
    try (VerifiedLoad load = new VerifiedLoad(cluster.agentDir("h4").resolve("volumes").resolve(volume + ".sock"), volume, (int) (LOAD_BYTES / BlockPattern.BLOCK), DEPTH)) {
      Redirected redirected = new Redirected(extents(volume).get(0).offset(), BlockPattern.BLOCK);
      san.tell(redirected::refused);
      load.tell(redirected::answered);
      // A break shows nothing unless there is I/O that meets it.
      Pause.until("I/O to volume " + volume, PATIENCE, () -> load.look().total() > DEPTH);
      Pause.milliseconds(AROUND_MS);
      load.look();
      san.breakPort("h4");
      // Not for a time only: requests that take longer than any such time are those that count most.
      load.awaitUnderWay(PATIENCE);
      Pause.milliseconds(milliseconds);
      load.awaitUnderWay(PATIENCE);
      VerifiedLoad.Figures f = load.look();
      awaitRoute(volume, VolumeStatus.Route.SERVER);
      if (f.errors + f.mismatches > 0) throw new SluiceException(ErrorCode.IO, f.errors + " requests failed and " + f.mismatches + " blocks were wrong", "", "");
      double[] found = redirected.milliseconds();
      if (found.length == 0) throw new SluiceException(ErrorCode.IO, "no request met the break of volume " + volume, "", "run the benchmark again");
      return found;
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
