package sluice.agent.direct;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.DiskUri;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.DiskOpener;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;
import sluice.api.layout.Extent;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.Route;
import sluice.api.route.RouteHealth;
import sluice.api.route.RouteListener;
import sluice.api.route.VolumeAccess;
import sluice.io.IoLoops;
import sluice.io.device.DeviceIo;
import sluice.io.disk.FileDiskOpener;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;

class DirectRouteTest implements RouteListener {
  private static final long MIB = 1 << 20;
  private static final String CLUSTER = UUID.randomUUID().toString();
  private static final String POOL = UUID.randomUUID().toString();

  private final LinkedBlockingQueue<RouteHealth> healths = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> probes = new LinkedBlockingQueue<>();
  private final FlakyOpener opener = new FlakyOpener();
  private final DirectRouteProvider provider = new DirectRouteProvider();
  private final Map<String, List<DiskUri>> ways = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private IoLoops loops;
  private IoLoop loop;
  private Path dir;

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
  private static final class FlakyOpener implements DiskOpener {
    private final FileDiskOpener files = new FileDiskOpener();
    volatile int error;
    volatile boolean silent;
    volatile boolean refuse;
    final List<BlockRequest> silenced = new ArrayList<>();

    @Override
    public boolean serves(DiskUri uri) {
      return files.serves(uri);
    }

    @Override
    public CompletionStage<BlockDevice> open(DiskUri uri, IoLoop loop, boolean readOnly) {
      if (refuse) return CompletableFuture.failedFuture(new IllegalStateException("connection refused"));
      return files.open(uri, loop, readOnly).thenApply(Flaky::new);
    }

    private final class Flaky implements BlockDevice {
      private final BlockDevice below;

      Flaky(BlockDevice below) {
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
        if (silent) silenced.add(request);
        else if (error != 0) request.completed(error);
        else below.submit(request);
      }

      @Override
      public CompletionStage<Void> close() {
        return below.close();
      }
    }
  }

  private String disk(String name, String pool) throws Exception {
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

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Route route(String... disks) throws Exception {
    List<Extent> columns = new ArrayList<>();
    for (String d : disks) columns.add(new Extent(d, 16 * MIB, 4 * MIB));
    VolumeLayout layout =
        new VolumeLayout(1, 4 * MIB * disks.length, List.of(new Segment(0, 4 * MIB * disks.length, 65536, List.of(columns))));
    return get(provider.open(new VolumeAccess(UUID.randomUUID().toString(), "v1", false, layout, ways, POOL, CLUSTER, names,
        List.of(), 1), loop, this));
  }

  private RouteHealth nextHealth() throws InterruptedException {
    RouteHealth health = healths.poll(10, TimeUnit.SECONDS);
    assertTrue(health != null, "no change of health");
    return health;
  }

  private String probe(Route route) throws InterruptedException {
    loop.execute(route::probe);
    return probes.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void writesAStripedVolumeToItsDisksAndReadsItBack() throws Exception {
    Route route = route(disk("d1", POOL), disk("d2", POOL));
    // While one is open already, the other is not.
    while (!nextHealth().usable()) assertTrue(healths.size() < 4);
    byte[] bytes = new byte[1 << 20];
    new java.util.Random(1).nextBytes(bytes);
    get(DeviceIo.write(route, 128 << 10, bytes, BlockRequest.FUA));
    assertEquals(0, java.util.Arrays.compare(bytes, get(DeviceIo.read(route, 128 << 10, bytes.length))));
    byte[] onDisk = new byte[65536];
    try (RandomAccessFile f = new RandomAccessFile(dir.resolve("d1").toFile(), "r")) {
      f.seek(16 * MIB + 65536);
      f.readFully(onDisk);
    }
    assertEquals(0, java.util.Arrays.compare(onDisk, java.util.Arrays.copyOf(bytes, 65536)));
    assertEquals("0 ", probe(route));
  }

  @Test
  void refusesADiskThatIsNotTheOneThatIsMeantAndSaysWhichAnswered() throws Exception {
    String meant = disk("d1", POOL);
    String other = disk("d2", POOL);
    ways.put(meant, ways.get(other));
    Route route = route(meant);
    String reason = nextHealth().reason();
    assertTrue(reason.startsWith("disk d1: ") && reason.contains("leads to disk d2 (" + other + "), which is another disk"), reason);
    assertFalse(route.health().usable());
    CompletableFuture<Integer> ended = new CompletableFuture<>();
    loop.execute(() -> route.submit(new BlockRequest() {
      {
        set(sluice.api.block.BlockOp.FLUSH, 0, 0, 0);
      }

      @Override
      public void completed(int error) {
        ended.complete(error);
      }
    }));
    assertEquals(IoError.ENXIO, get(ended));
  }

  @Test
  void refusesADiskOfAnotherPoolAnotherClusterOrWithoutALabel() throws Exception {
    route(disk("d1", UUID.randomUUID().toString()));
    assertTrue(nextHealth().reason().contains("not in the volume's pool"));
    Path blank = Files.createFile(dir.resolve("blank"));
    try (RandomAccessFile f = new RandomAccessFile(blank.toFile(), "rw")) {
      f.setLength(64 * MIB);
    }
    String id = UUID.randomUUID().toString();
    ways.put(id, List.of(new DiskUri("file:" + blank)));
    route(id);
    assertTrue(nextHealth().reason().contains("leads to no disk of Sluice"));
  }

  @Test
  void triesTheWaysInOrderAndTellsOfAll() throws Exception {
    String id = disk("d1", POOL);
    List<DiskUri> both = List.of(new DiskUri("file:" + dir.resolve("missing")), ways.get(id).get(0));
    ways.put(id, both);
    route(id);
    assertTrue(nextHealth().usable());
    String gone = UUID.randomUUID().toString();
    ways.put(gone, List.of(new DiskUri("file:" + dir.resolve("missing")), new DiskUri("nbd://127.0.0.1:1/x")));
    route(gone);
    String reason = nextHealth().reason();
    assertTrue(reason.contains("missing") && reason.contains("; nothing here opens nbd: disks"), reason);
  }

  @Test
  void aDiskThatIsGoneIsOpenedAgain() throws Exception {
    Route route = route(disk("d1", POOL));
    assertTrue(nextHealth().usable());
    opener.refuse = true;
    opener.error = IoError.ENXIO;
    assertEquals("6 disk d1: the way to the disk is gone on a probe", probe(route));
    assertEquals("disk d1: the way to the disk is gone", nextHealth().reason());
    assertEquals("disk d1: connection refused", nextHealth().reason());
    assertEquals("6 disk d1: connection refused", probe(route));
    opener.error = 0;
    opener.refuse = false;
    assertTrue(nextHealth().usable());
    assertEquals("0 ", probe(route));
  }

  @Test
  void anErrorOfTheMediumDoesNotCloseTheDiskAndNamesIt() throws Exception {
    Route route = route(disk("d1", POOL));
    assertTrue(nextHealth().usable());
    opener.error = IoError.EIO;
    assertEquals("5 disk d1: the disk reported an I/O error on a probe", probe(route));
    assertTrue(route.health().usable());
    CompletableFuture<String> part = new CompletableFuture<>();
    loop.execute(() -> part.complete(route.failedPart()));
    assertEquals("disk d1", get(part));
  }

  @Test
  void aDiskThatKeepsSilentFailsProbesInTimeAndHoldsTheCloseBack() throws Exception {
    Route route = route(disk("d1", POOL));
    assertTrue(nextHealth().usable());
    opener.silent = true;
    assertEquals("110 disk d1 does not answer", probe(route));
    assertEquals("110 disk d1: no answer in time on a probe", probe(route));
    assertEquals(1, opener.silenced.size());
    CompletableFuture<Integer> write = new CompletableFuture<>();
    DeviceIo.write(route, 0, new byte[4096], 0).whenComplete((n, failure) -> write.complete(failure == null ? 0 : 1));
    CompletableFuture<Void> submitted = new CompletableFuture<>();
    loop.execute(() -> submitted.complete(null));
    get(submitted);
    CompletableFuture<Void> closed = route.close().toCompletableFuture();
    get(CompletableFuture.runAsync(() -> {}, loop));
    assertFalse(closed.isDone());
    loop.execute(() -> List.copyOf(opener.silenced).forEach(r -> r.completed(IoError.OK)));
    get(closed);
    assertEquals(0, get(write));
  }
}
