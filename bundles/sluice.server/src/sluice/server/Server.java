package sluice.server;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.io.IoLoops;
import sluice.io.NettyLoop;
import sluice.local.DirectoryLock;
import sluice.local.LocalHandler;
import sluice.local.LocalServer;
import sluice.nbd.NbdServer;
import sluice.nbd.ServerOptions;
import sluice.net.ControlServer;
import sluice.net.HostPort;
import sluice.net.ServerLimits;
import sluice.server.api.CallDesk;
import sluice.server.api.ManagementApi;
import sluice.protocol.v1.TaskStatus;
import sluice.server.alerts.AlertBook;
import sluice.server.care.CareDesk;
import sluice.server.care.CareMetrics;
import sluice.server.care.CareWorld;
import sluice.server.care.MoveDesk;
import sluice.server.changes.AuditLog;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.Changes;
import sluice.server.changes.ServerEvents;
import sluice.server.disks.DiskAccess;
import sluice.server.disks.DiskRemoval;
import sluice.server.disks.ServerDisks;
import sluice.server.first.FirstStart;
import sluice.server.first.RunNumber;
import sluice.server.pools.PoolFarewell;
import sluice.server.pools.PoolMetadataWriter;
import sluice.server.session.ControlDesk;
import sluice.server.snapshot.RestoreDesk;
import sluice.server.snapshot.SnapshotDesk;
import sluice.server.snapshot.SnapshotLists;
import sluice.server.status.DiskEvents;
import sluice.server.status.PictureComposer;
import sluice.server.status.PictureFeed;
import sluice.server.status.PoolUsages;
import sluice.server.status.ServerHealth;
import sluice.server.status.ServerMetrics;
import sluice.server.status.ServerSnapshot;
import sluice.server.status.StatusBook;
import sluice.server.volumes.RouteCounters;
import sluice.server.volumes.RouteExports;
import sluice.server.volumes.ServedVolumes;
import sluice.telemetry.Metrics;
import sluice.telemetry.MetricsEndpoint;

/** A running server. Starting and closing block; one thread. Whatever was opened is closed again if a start fails. */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final int BLOCKING_THREADS = 4;
  private static final int BLOCKING_QUEUE = 256;
  private static final long CLOSE_SECONDS = 5;
  private static final long SNAPSHOT_MS = 1_000;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final StatusBook book = new StatusBook();
  private volatile ServerSnapshot snapshot = new ServerSnapshot(System.nanoTime(), 0, 0, 0, List.of(), List.of(), List.of(), List.of(), List.of());
  private ControlThread control;
  private IoLoops loops;
  private CatalogEngine engine;
  private Addresses addresses;
  private ServerFacts facts;
  private MetricsEndpoint endpoint;
  private String profile;

  private Server() {}

  /**
   * Starts a server; returns when it can be connected to.
   *
   * @param disks opens disks; openers may come and go
   * @param local puts further calls in front of the local socket's
   * @param stop begins to stop the program when the local socket is asked to
   * @throws SluiceException with what is wrong, if it cannot start
   */
  public static Server start(ServerSettings settings, DiskAccess disks, EngineOpener engines, UnaryOperator<LocalHandler> local, Runnable stop) {
    Server server = new Server();
    try {
      server.open(settings, disks, engines, local, stop);
      return server;
    } catch (RuntimeException e) {
      server.close();
      Throwable cause = e instanceof CompletionException && e.getCause() instanceof SluiceException s ? s : e;
      throw (RuntimeException) cause;
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  private void open(ServerSettings settings, DiskAccess access, EngineOpener engines, UnaryOperator<LocalHandler> local, Runnable stop) {
    opened(DirectoryLock.acquire(settings.dir()));
    addresses = Addresses.of(settings);
    ListenCheck.check(addresses.control(), addresses.nbd());
    FirstStart first = FirstStart.identify(settings.dir(), settings.clusterName(), addresses.hosts());
    EngineOpener.Opened open = engines.open(first.catalogDir());
    engine = opened(open.engine());
    first.initialise(engine);
    loops = opened(IoLoops.start("sluice-io", settings.loops()));
    control = opened(new ControlThread());
    ExecutorService blocking = blocking();
    opened(blocking::shutdownNow);
    facts = facts(settings, first);
    Metrics metrics = new Metrics();

    ServerDisks disks = new ServerDisks(control, engine, access, loops, facts.clusterId());
    opened(() -> control.call(disks::close).get(CLOSE_SECONDS, TimeUnit.SECONDS));
    PoolMetadataWriter copies = new PoolMetadataWriter(control, engine, disks);
    PoolFarewell farewell = new PoolFarewell(engine, disks);
    CatalogFollower follower = new CatalogFollower(control, engine);
    Changes changes = new Changes(control, engine, follower, copies);
    ServerEvents events = new ServerEvents(control, engine);
    ServedVolumes served = new ServedVolumes(control, loops, disks, facts.run());
    opened(() -> control.call(served::closeAll).get(CLOSE_SECONDS, TimeUnit.SECONDS));
    CareMetrics careMetrics = new CareMetrics(metrics);
    CareWorld world = new CareWorld(control, engine, changes, disks, served, book, careMetrics, facts.run());
    CareDesk cares = new CareDesk(world);
    MoveDesk moves = new MoveDesk(world, cares, new DiskRemoval(control, changes, disks));
    served.tell(cares);
    SnapshotDesk snapshots = new SnapshotDesk(control, engine, changes, disks, served, cares);
    snapshots.start();
    RouteExports exports = new RouteExports(control, engine, facts.clusterId(), served, new RouteCounters(metrics));
    PictureFeed feed = new PictureFeed(control, new PictureComposer(engine, book, facts), book, new PoolUsages(engine));
    ControlDesk desk = new ControlDesk(control, engine, facts, changes, events, book, disks, exports, cares, first.authority(), first.issuedDir());
    disks.add(new DiskEvents(book, events));
    disks.add(copies);
    disks.add(cares);
    cares.start(desk.sessions());
    AlertBook alerts = new AlertBook(control, engine, book, events, cares, snapshots::full, facts.leaseMs());
    for (CatalogFollower.Follower f : List.of(new AuditLog(engine), farewell, disks, copies, changes, exports, cares, snapshots,
        new RestoreDesk(control, engine, changes, served))) follower.add(f);
    desk.follow(follower);
    follower.add(feed);
    follower.add(moves);
    CallDesk calls = ManagementApi.assemble(control, engine, follower, changes, events, book, feed, desk.sessions(), disks, exports,
        cares, snapshots, new SnapshotLists(engine, served), farewell, access, loops, blocking, facts.clusterId(), first.authority().sha256());
    ServerMetrics numbers = new ServerMetrics(metrics, engine, () -> snapshot, snapshots::space);
    inControl(() -> {
      follower.start();
      disks.start();
      exports.start();
      feed.start();
      desk.start(calls);
      alerts.start();
      moves.start();
      Runnable look = () -> {
        snapshot = new ServerSnapshot(control.nanoTime(), desk.sessions().connections(), feed.watchers(), exports.connections(),
            List.copyOf(book.hosts()), disks.statuses(), List.copyOf(book.volumes()), List.copyOf(book.alerts()), cares.legs());
        careMetrics.rate(book.tasks().stream().mapToLong(TaskStatus::getBytesPerSecond).sum());
        numbers.refresh();
      };
      look.run();
      control.every(SNAPSHOT_MS, look);
    });
    opened(follower::stop);

    ServerHealth health = new ServerHealth(() -> snapshot, open.failure(), facts.software(), this::metricsAddress);
    endpoint = opened(MetricsEndpoint.open(settings.dir(), new InetSocketAddress(settings.metrics().host(), settings.metrics().port()), metrics, health));
    opened(LocalServer.open(settings.dir(), local.apply(new LocalDesk(health, stop))));
    for (InetSocketAddress address : addresses.nbd()) listenNbd(address, first, exports);
    opened(ControlServer.bind(addresses.control(), first.identity(), desk, ServerLimits.standard()));
    opened(() -> inControl(desk.sessions()::stopping));
    profile = first.credential(settings.config(), addresses.told());
    LOG.info("server {} of cluster {} is ready on {}", facts.serverId(), facts.clusterName(), facts.controlAddresses());
  }

  private void listenNbd(InetSocketAddress address, FirstStart first, RouteExports exports) {
    NettyLoop loop = loops.next();
    NbdServer server = NbdServer.bind(loop, address, ServerOptions.tls(first.identity()::sslContext), exports.on(loop));
    opened(() -> server.close().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS));
    inControl(() -> exports.serves(server));
  }

  private ServerFacts facts(ServerSettings settings, FirstStart first) {
    return new ServerFacts(first.folder().clusterId(), first.folder().clusterName(), first.folder().serverId(),
        addresses.told().stream().map(HostPort::toString).toList(), addresses.toldNbd().stream().map(HostPort::toString).toList(),
        settings.software(), settings.leaseMs(), settings.heartbeatMs(), RunNumber.next(settings.dir(), System.currentTimeMillis()));
  }

  private void inControl(Runnable what) {
    control.call(() -> {
      what.run();
      return CompletableFuture.completedFuture(null);
    }).join();
  }

  private static ExecutorService blocking() {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(BLOCKING_THREADS, BLOCKING_THREADS, 10, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(BLOCKING_QUEUE), task -> {
          Thread t = new Thread(task, "sluice-blocking");
          t.setDaemon(true);
          return t;
        });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private String metricsAddress() {
    return endpoint == null ? "" : endpoint.address().getHostString() + ":" + endpoint.address().getPort();
  }

  /** What peers are told. */
  public ServerFacts facts() {
    return facts;
  }

  /** Addresses of the control protocol, as peers reach them. */
  public List<HostPort> controlAddresses() {
    return addresses.told();
  }

  /** Of the server route. */
  public List<HostPort> nbdAddresses() {
    return addresses.toldNbd();
  }

  /** The name under which this start put the first administrator's credential; null if an earlier start did. */
  public String newProfile() {
    return profile;
  }

  /** For people, in one line. */
  public String describe() {
    String made = profile == null ? "" : "; made cluster " + facts.clusterName() + ", its administrator's credential is profile " + profile;
    return "server of cluster " + facts.clusterName() + " on " + String.join(", ", facts.controlAddresses()) + made;
  }

  /** Ends sessions, lets what is under way on disks finish for some seconds, and closes everything. A second call does nothing. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable one = opened.pop();
      try {
        one.close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        LOG.warn("closing did not end well: {}", e.toString());
      }
    }
  }

  /** As a failure's exit code and message, for whoever started the program. */
  static SluiceException readable(Throwable failure) {
    Throwable t = failure;
    while (t.getCause() != null && !(t instanceof SluiceException)) t = t.getCause();
    if (t instanceof SluiceException e) return e;
    return new SluiceException(failure, ErrorCode.INTERNAL, "the server could not start", t.getClass().getSimpleName()
        + (t.getMessage() == null ? "" : ": " + t.getMessage()), "see the server's log; this is worth a report", List.of());
  }
}
