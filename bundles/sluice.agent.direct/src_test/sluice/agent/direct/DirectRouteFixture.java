package sluice.agent.direct;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoLoop;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteListener;
import sluice.api.route.VolumeAccess;
import sluice.io.IoLoops;
import sluice.io.disk.FileDiskOpener;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;

/** Routes onto files, through an opener that a test breaks. */
class DirectRouteFixture implements RouteListener {
  static final long MIB = 1 << 20;
  static final String CLUSTER = UUID.randomUUID().toString();
  static final String POOL = UUID.randomUUID().toString();

  final LinkedBlockingQueue<RouteHealth> healths = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<String> probes = new LinkedBlockingQueue<>();
  final FlakyOpener opener = new FlakyOpener();
  final DirectRouteProvider provider = new DirectRouteProvider();
  final Map<String, List<DiskUri>> ways = new LinkedHashMap<>();
  final Map<String, String> names = new LinkedHashMap<>();
  IoLoops loops;
  IoLoop loop;
  Path dir;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(Path.of("target"));
    dir = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "direct");
    loops = IoLoops.start("test", 1);
    loop = loops.next();
    provider.addOpener(opener);
  }

  @AfterEach
  void close() throws IOException {
    provider.deactivate();
    loops.close();
    try (var files = Files.walk(dir)) {
      for (Path p : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(p);
    }
  }

  @Override
  public void healthChanged(RouteHealth health) {
    healths.add(health);
  }

  @Override
  public void probed(int error, String reason) {
    probes.add(error + " " + reason);
  }

  /** Opens files, and lets a test break what it opened. */
  static final class FlakyOpener implements DiskOpener {
    private final FileDiskOpener files = new FileDiskOpener();
    volatile int error;
    volatile boolean silent;
    volatile boolean refuse;
    /** What breaks: ways with this in their names. */
    volatile String only = "";
    final List<BlockRequest> silenced = new ArrayList<>();
    final List<String> opened = new CopyOnWriteArrayList<>();

    private boolean hits(DiskUri uri) {
      return uri.text().endsWith(only);
    }

    @Override
    public boolean serves(DiskUri uri) {
      return files.serves(uri);
    }

    @Override
    public CompletionStage<BlockDevice> open(DiskUri uri, IoLoop loop, boolean readOnly) {
      if (refuse && hits(uri)) return CompletableFuture.failedFuture(new IllegalStateException("connection refused"));
      opened.add(Path.of(uri.text()).getFileName().toString());
      return files.open(uri, loop, readOnly).thenApply(device -> new Flaky(uri, device));
    }

    private final class Flaky implements BlockDevice {
      private final DiskUri uri;
      private final BlockDevice below;

      Flaky(DiskUri uri, BlockDevice below) {
        this.uri = uri;
        this.below = below;
      }

      @Override
      public IoLoop loop() {
        return below.loop();
      }

      @Override
      public BlockTraits traits() {
        return below.traits();
      }

      @Override
      public void submit(BlockRequest request) {
        if (silent && hits(uri)) silenced.add(request);
        else if (error != 0 && hits(uri)) request.completed(error);
        else below.submit(request);
      }

      @Override
      public CompletionStage<Void> close() {
        return below.close();
      }
    }
  }

  String disk(String name, String pool) throws Exception {
    Path file = dir.resolve(name);
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.setLength(64 * MIB);
    }
    String id = UUID.randomUUID().toString();
    DiskUri uri = new DiskUri("file:" + file);
    BlockDevice device = get(new FileDiskOpener().open(uri, loop, false));
    get(LabelIo.write(device, DiskLabel.fresh(id, CLUSTER, name, device.traits().size()).inPool(pool)));
    get(device.close());
    ways.put(id, List.of(uri));
    names.put(id, name);
    return id;
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  Route route(String... disks) throws Exception {
    List<Extent> columns = new ArrayList<>();
    for (String d : disks) columns.add(new Extent(d, 16 * MIB, 4 * MIB));
    VolumeLayout layout =
        new VolumeLayout(1, 4 * MIB * disks.length, List.of(new Segment(0, 4 * MIB * disks.length, 65536, List.of(columns))));
    return get(provider.open(new VolumeAccess(UUID.randomUUID().toString(), "v1", false, layout, ways, POOL, CLUSTER, names,
        List.of(), 1), loop, this));
  }

  RouteHealth nextHealth() throws InterruptedException {
    RouteHealth health = healths.poll(60, TimeUnit.SECONDS);
    assertTrue(health != null, "no change of health");
    return health;
  }
}
