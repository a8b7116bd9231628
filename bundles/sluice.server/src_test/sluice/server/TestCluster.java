package sluice.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import sluice.api.SluiceException;
import sluice.catalog.MemoryCatalogEngine;
import sluice.client.ManagementClient;
import sluice.client.Profiles;
import sluice.io.disk.FileDiskOpener;
import sluice.net.HostPort;
import sluice.net.pki.Identity;
import sluice.protocol.v1.AddDisks;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CatalogState;
import sluice.protocol.v1.CreatePool;
import sluice.protocol.v1.CreateVolume;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.MakeToken;
import sluice.protocol.v1.NewDisk;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Volume;
import sluice.server.disks.DiskAccess;

/** A real server on loopback with TLS, file disks below target/, and a catalog in memory that outlives a restart. */
public final class TestCluster implements AutoCloseable {
  public final Path dir;
  public final Path config;
  private final FileDiskOpener files = new FileDiskOpener();
  private final DiskAccess disks = new DiskAccess();
  private MemoryCatalogEngine engine;
  private CatalogState state = CatalogState.getDefaultInstance();
  private Server server;
  private ManagementClient admin;
  private final String name;
  private final int networks;

  public TestCluster(String name) {
    this(name, 1);
  }

  public TestCluster(String name, int networks) {
    this.name = name;
    this.networks = networks;
    try {
      dir = Files.createTempDirectory(Files.createDirectories(Path.of("target", "clusters")), name);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    config = dir.resolve("config");
    disks.add(files);
    start();
  }

  public void start() {
    List<HostPort> listen = networks == 1 ? List.of(new HostPort("127.0.0.1", 0))
        : List.of(new HostPort("127.0.0.1", 0), new HostPort("127.0.0.2", 0));
    ServerSettings settings = new ServerSettings(dir.resolve("server").toAbsolutePath(), listen, 1, List.of(), name, config, 2, 1500, 200,
        new HostPort("127.0.0.1", 0), "sluice-server test");
    server = Server.start(settings, disks, d -> {
      engine = new MemoryCatalogEngine(state);
      return new EngineOpener.Opened(engine, Optional::empty);
    }, local -> local, () -> {});
    admin = client(new Profiles(config).requireCurrent().identity());
  }

  public ManagementClient client(Identity identity) {
    return ManagementClient.connect(server.controlAddresses(), identity, "test");
  }

  public Identity adminIdentity() {
    return new Profiles(config).requireCurrent().identity();
  }

  public Server server() {
    return server;
  }

  public ManagementClient admin() {
    return admin;
  }

  public MemoryCatalogEngine engine() {
    return engine;
  }

  public void stop() {
    if (server == null) return;
    admin.close();
    server.close();
    state = engine.state();
    server = null;
  }

  /** Starts again with a catalog that was altered behind its back. */
  public void restart(UnaryOperator<CatalogState> alter) {
    stop();
    state = alter.apply(state);
    start();
  }

  @Override
  public void close() {
    stop();
    files.close();
  }

  public Path file(String fileName, long bytes) {
    Path path = dir.resolve(fileName).toAbsolutePath();
    try (RandomAccessFile f = new RandomAccessFile(path.toFile(), "rw")) {
      f.setLength(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return path;
  }

  public Reply call(Call.Builder call) {
    return await(admin.call(call.build(), Duration.ofSeconds(20), part -> {}));
  }

  public Done change(Change.Builder change) {
    return call(Call.newBuilder().setChange(change)).getDone();
  }

  public Done addDisks(NewDisk... list) {
    return call(Call.newBuilder().setAddDisks(AddDisks.newBuilder().addAllDisks(List.of(list)))).getDone();
  }

  public static NewDisk disk(Path file, String diskName) {
    return NewDisk.newBuilder().setUri("file:" + file).setName(diskName).build();
  }

  /** A pool of that many new 64 MiB disks; answers its id. */
  public String pool(String poolName, int count) {
    NewDisk[] list = new NewDisk[count];
    for (int i = 0; i < count; i++) list[i] = disk(file(poolName + i + ".img", 64 << 20), poolName + i);
    Done added = addDisks(list);
    return change(Change.newBuilder().setCreatePool(CreatePool.newBuilder().setName(poolName).addAllDiskIds(added.getObjectsList())))
        .getObjects(0);
  }

  public Volume volume(String volumeName, String pool, long bytes, int stripes) {
    change(Change.newBuilder().setCreateVolume(CreateVolume.newBuilder().setName(volumeName).setPoolId(pool).setSizeBytes(bytes).setStripes(stripes)));
    return engine.read(v -> v.volumeByName(volumeName)).orElseThrow();
  }

  /** With several legs. */
  public Volume mirrored(String volumeName, String pool, long bytes, int legs) {
    change(Change.newBuilder().setCreateVolume(CreateVolume.newBuilder().setName(volumeName).setPoolId(pool).setSizeBytes(bytes).setLegs(legs)));
    return engine.read(v -> v.volumeByName(volumeName)).orElseThrow();
  }

  public String token(String host) {
    return call(Call.newBuilder().setMakeToken(MakeToken.newBuilder().setHostName(host))).getToken().getToken();
  }

  public Picture picture() {
    return await(admin.picture());
  }

  /** A result, or the failure as it was thrown. */
  public static <T> T await(java.util.concurrent.CompletableFuture<T> stage) {
    try {
      return stage.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable t = e.getCause();
      while (t instanceof CompletionException && t.getCause() != null) t = t.getCause();
      if (t instanceof SluiceException s) throw s;
      throw new IllegalStateException(t);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for something that happens by itself; the limit only bounds a failure. */
  public static void until(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) throw new AssertionError("not seen: " + what);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }
}
