package sluice.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.agent.fake.FakeProvider;
import sluice.agent.fake.FakeServer;
import sluice.agent.volume.RouteProviders;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.route.RouteKind;
import sluice.io.IoLoops;
import sluice.io.device.DeviceIo;
import sluice.io.disk.FileDiskOpener;
import sluice.io.label.DiskLabel;
import sluice.io.label.LabelIo;
import sluice.local.LocalClient;
import sluice.local.LocalServer;
import sluice.nbd.ClientOptions;
import sluice.nbd.NbdClient;
import sluice.protocol.v1.Access;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LocalCall;
import sluice.protocol.v1.LocalHealth;
import sluice.protocol.v1.LocalHealthReport;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;

/** The agent as one piece: a real control server and real NBD clients, with routes that a test breaks. */
class AgentTest {
  private static final int MIB = 1 << 20;
  private static final String VOLUME = UUID.randomUUID().toString();
  private final byte[] medium = new byte[4 * MIB];
  private final RouteProviders providers = new RouteProviders();
  private final FakeProvider direct = new FakeProvider(RouteKind.DIRECT, medium);
  private final FakeProvider byServer = new FakeProvider(RouteKind.SERVER, medium);
  private final String disk = UUID.randomUUID().toString();
  private final Map<String, String> properties = new HashMap<>();
  private FakeServer server;
  private IoLoops loops;
  private Agent agent;
  private final CompletableFuture<SluiceException> ended = new CompletableFuture<>();
  private Path dir;

  @BeforeEach
  void begin() throws IOException {
    // Sockets have short paths only, so not below the build's folder.
    dir = Files.createTempDirectory("sl");
    loops = IoLoops.start("client", 1);
    server = new FakeServer();
    properties.put("sluice.agent.dir", dir.resolve("d").toString());
    properties.put("sluice.agent.servers", server.address().toString());
    properties.put("sluice.agent.token", server.token.text());
    properties.put("sluice.agent.loops", "2");
    providers.added(direct);
    providers.added(byServer);
  }

  @AfterEach
  void end() throws IOException {
    if (agent != null) agent.close();
    server.close();
    loops.close();
    try (var files = Files.walk(dir)) {
      for (Path p : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(p);
    }
  }

  private void start() throws InterruptedException {
    agent = new Agent(AgentConfig.of(properties::get), providers, List.of(new FileDiskOpener()), h -> h, () -> {}, ended::complete);
    agent.identify();
    agent.start();
    assertTrue(agent.awaitSession(10_000));
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private Assignments assignments(long number, Assignment... volumes) {
    return Assignments.newBuilder().setNumber(number).addAllVolumes(List.of(volumes)).build();
  }

  private Assignment volume(String name, boolean shared) {
    Extent extent = Extent.newBuilder().setDiskId(disk).setOffsetBytes(16 * MIB).setLengthBytes(medium.length).build();
    Segment segment = Segment.newBuilder().setLengthBytes(medium.length).setStripeUnitBytes(65536)
        .addLegs(Leg.newBuilder().addColumns(extent)).build();
    Volume v = Volume.newBuilder().setId(VOLUME).setName(name).setPoolId("p").setSizeBytes(medium.length).setStripes(1)
        .setShared(shared).setLayout(Layout.newBuilder().setEpoch(1).addSegments(segment)).build();
    return Assignment.newBuilder().setVolume(v).setAccess(Access.READ_WRITE).setClusterId(server.clusterId)
        .addDisks(Disk.newBuilder().setId(disk).setName("d1").addUris("nbd://127.0.0.1:1/d1")).build();
  }

  private VolumeStatus status(VolumeStatus.Route route) throws InterruptedException {
    return server.await(h -> h.getVolumesList().stream().anyMatch(v -> v.getHeld() && v.getRoute() == route && !v.getNbdUri().isEmpty()))
        .getVolumes(0);
  }

  private NbdClient client(String name) throws Exception {
    Path socket = dir.resolve("d/volumes/" + name + ".sock");
    return get(NbdClient.connect(loops.next(), ClientOptions.to(new DomainSocketAddress(socket.toString()), name)));
  }

  @Test
  void joinsAttachesServesReportsAndGivesUp() throws Exception {
    start();
    server.assign(assignments(1, volume("v1", false)));
    VolumeStatus held = status(VolumeStatus.Route.DIRECT);
    assertEquals(VOLUME, held.getVolumeId());
    assertEquals(server.hostId, held.getHostId());
    assertEquals("nbd+unix:///v1?socket=" + dir.resolve("d/volumes/v1.sock"), held.getNbdUri());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("d/volumes"))));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("d/volumes/v1.sock"))));
    NbdClient client = client("v1");
    byte[] odd = {1, 2, 3, 4, 5};
    get(DeviceIo.write(client, 12345, odd, BlockRequest.FUA));
    assertArrayEquals(odd, get(DeviceIo.read(client, 12345, 5)));
    assertEquals(3, medium[12347]);
    server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getCounters().getWrites() > 0);
    server.assign(assignments(2));
    server.await(h -> h.getAssignments() == 2 && h.getVolumesCount() == 1 && !h.getVolumes(0).getHeld());
    server.await(h -> h.getVolumesCount() == 0);
    assertFalse(Files.exists(dir.resolve("d/volumes/v1.sock")));
    assertTrue(direct.routes.get(0).isClosed() && byServer.routes.get(0).isClosed());
  }

  @Test
  void anOldAssignmentChangesNothing() throws Exception {
    start();
    server.assign(assignments(5, volume("v1", false)));
    status(VolumeStatus.Route.DIRECT);
    server.assign(assignments(4));
    server.assign(assignments(6, volume("v1", false)));
    server.await(h -> h.getAssignments() == 6);
    assertEquals(1, direct.routes.size());
  }

  @Test
  void aRenameKeepsTheConnectionsAndLetsInWhoComesBackByTheNameBefore() throws Exception {
    start();
    server.assign(assignments(1, volume("v1", false)));
    status(VolumeStatus.Route.DIRECT);
    NbdClient client = client("v1");
    server.assign(assignments(2, volume("v2", false)));
    server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getNbdUri().contains("v2.sock"));
    get(DeviceIo.write(client, 0, new byte[4096], 0));
    get(client("v2").close());
    get(client("v1").close());
    assertEquals(1, direct.routes.size());
    server.assign(assignments(3));
    server.await(h -> h.getAssignments() == 3 && h.getVolumesCount() == 0);
    try (var left = Files.list(dir.resolve("d/volumes"))) {
      assertEquals(List.of(), left.filter(f -> f.toString().endsWith(".sock")).toList());
    }
  }

  @Test
  void stoppingAndStartingTheDirectProviderUnderLoadLosesNothing() throws Exception {
    start();
    server.assign(assignments(1, volume("v1", false)));
    status(VolumeStatus.Route.DIRECT);
    NbdClient client = client("v1");
    CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> load(client, 3_000));
    for (int i = 0; i < 5; i++) {
      get(providers.removed(direct));
      VolumeStatus rerouted = status(VolumeStatus.Route.SERVER);
      assertEquals("the direct-route bundle was stopped", rerouted.getReason());
      providers.added(direct);
      status(VolumeStatus.Route.DIRECT);
    }
    assertEquals(3_000, load.get(60, TimeUnit.SECONDS));
    assertEquals(6, direct.routes.size());
  }

  private static int load(NbdClient client, int rounds) {
    try {
      for (int i = 0; i < rounds; i++) {
        byte[] block = new byte[4096];
        java.util.Arrays.fill(block, (byte) i);
        long at = i % 64 * 4096L;
        get(DeviceIo.write(client, at, block, 0));
        assertArrayEquals(block, get(DeviceIo.read(client, at, 4096)));
      }
      return rounds;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Assignment underEpoch(long epoch) {
    Assignment.Builder a = volume("v1", false).toBuilder();
    a.getVolumeBuilder().getLayoutBuilder().setEpoch(epoch);
    return a.build();
  }

  @Test
  void newLayoutsUnderLoadLeaveTheExportAndItsConnectionsAlone() throws Exception {
    start();
    server.assign(assignments(1, underEpoch(1)));
    status(VolumeStatus.Route.DIRECT);
    NbdClient client = client("v1");
    CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> load(client, 2_000));
    for (long epoch = 2; epoch <= 20; epoch++) {
      long e = epoch;
      server.assign(assignments(epoch, underEpoch(epoch)));
      server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getEpoch() == e);
    }
    assertEquals(2_000, load.get(60, TimeUnit.SECONDS));
    assertEquals(1, direct.routes.size());
    assertEquals(1, byServer.routes.size());
    assertEquals(20, direct.routes.get(0).layouts.get(direct.routes.get(0).layouts.size() - 1).layout().epoch());
  }

  @Test
  void aRecallIsAnsweredAtOnceAndRequestsGoOnAfterIt() throws Exception {
    start();
    Order.Builder order = Order.newBuilder().setVolumeId(VOLUME).setRun(7).setEpoch(1);
    server.assign(assignments(1, underEpoch(1).toBuilder().setOrder(order.setNumber(3)).build()));
    server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getOrderNumber() == 3 && h.getVolumes(0).getOrderRun() == 7
        && !h.getVolumes(0).getNbdUri().isEmpty());
    NbdClient client = client("v1");
    server.order(order.setNumber(9).setRun(6).setStandStill(true).build());
    server.order(order.setNumber(2).setRun(7).setStandStill(true).build());
    get(DeviceIo.write(client, 0, new byte[4096], 0));
    server.order(order.setNumber(4).build());
    VolumeStatus still = server.await(h -> h.getVolumes(0).getOrderNumber() == 4).getVolumes(0);
    assertTrue(still.getQuiesced());
    assertEquals(1, still.getEpoch());
    CompletableFuture<Void> write = DeviceIo.write(client, 0, new byte[4096], 0).toCompletableFuture();
    // The same Assignments again, with a newer order: what is numbered by itself counts by itself.
    server.assign(assignments(1, underEpoch(1).toBuilder().setOrder(order.setNumber(5).setStandStill(false)).build()));
    get(write);
    assertFalse(server.await(h -> h.getVolumes(0).getOrderNumber() == 5).getVolumes(0).getQuiesced());
  }

  @Test
  void ordersOfTheServersLastRunAreVoidAfterItHasStartedAnew() throws Exception {
    start();
    Order.Builder order = Order.newBuilder().setVolumeId(VOLUME).setRun(7).setEpoch(1);
    server.assign(assignments(1, underEpoch(1)));
    server.order(order.setNumber(50).setStandStill(true).build());
    server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getOrderNumber() == 50);
    server.run = 8;
    server.cut();
    server.await(h -> h.getVolumesCount() == 1 && server.hellos.size() == 2);
    server.order(order.setNumber(51).setStandStill(false).build(), order.setRun(8).setNumber(1).setStandStill(true).build());
    server.await(h -> h.getVolumes(0).getOrderRun() == 8 && h.getVolumes(0).getOrderNumber() == 1 && h.getVolumes(0).getQuiesced());
    server.order(order.setNumber(2).setStandStill(false).build());
    server.await(h -> h.getVolumes(0).getOrderNumber() == 2 && !h.getVolumes(0).getQuiesced());
  }

  @Test
  void aLostServerDoesNotStopAVolumeHeldAloneButOneThatIsSharedWaitsForTheLease() throws Exception {
    start();
    server.assign(assignments(1, volume("v1", true)));
    status(VolumeStatus.Route.DIRECT);
    NbdClient client = client("v1");
    get(DeviceIo.write(client, 0, new byte[4096], 0));
    server.mute = true;
    server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getReason().contains("the lease has run out"));
    CompletableFuture<Void> late = DeviceIo.write(client, 0, new byte[4096], 0).toCompletableFuture();
    get(CompletableFuture.runAsync(() -> {}, loops.all().get(0)));
    assertFalse(late.isDone());
    server.mute = false;
    get(late);
    server.assign(assignments(2, volume("v1", false)));
  }

  @Test
  void aHostThatTheServerRefusesHoldsItsRequestsBackUntilItIsKnownAgain() throws Exception {
    start();
    server.assign(assignments(1, volume("v1", false)));
    status(VolumeStatus.Route.DIRECT);
    NbdClient client = client("v1");
    server.refuse = true;
    server.cut();
    LocalHealthReport report;
    do {
      report = health();
    } while (report.getVolumes(0).getRoute() != VolumeStatus.Route.WAITING);
    assertTrue(report.getVolumes(0).getReason().contains("the server refuses this host"), report.getVolumes(0).getReason());
    assertFalse(report.getHealthy());
    CompletableFuture<Void> write = DeviceIo.write(client, 0, new byte[4096], 0).toCompletableFuture();
    server.refuse = false;
    get(write);
  }

  private LocalHealthReport health() {
    LocalCall call = LocalCall.newBuilder().setHealth(LocalHealth.getDefaultInstance()).build();
    return LocalClient.call(dir.resolve("d").resolve(LocalServer.SOCKET), call, Duration.ofSeconds(5)).getHealth();
  }

  @Test
  void anErrorOfTheDirectWayShowsAsARerouteWithItsReason() throws Exception {
    start();
    server.assign(assignments(1, volume("v1", false)));
    status(VolumeStatus.Route.DIRECT);
    NbdClient client = client("v1");
    direct.fail(IoError.EIO, "disk d1");
    get(DeviceIo.write(client, 0, new byte[4096], 0));
    VolumeStatus rerouted = status(VolumeStatus.Route.SERVER);
    assertTrue(rerouted.getReason().startsWith("disk d1: the disk reported an I/O error on a write"), rerouted.getReason());
    server.await(h -> h.getVolumesCount() == 1 && h.getVolumes(0).getCounters().getRedirected() == 1);
    LocalHealthReport report = health();
    assertTrue(report.getHealthy());
    assertEquals("v1", report.getVolumeDetails(0).getName());
  }

  @Test
  void thisHostsOwnWaysComeFirst() throws Exception {
    Files.createDirectories(Path.of("target"));
    Path file = Files.createTempFile(Path.of("target").toAbsolutePath(), "d1", ".img");
    try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
      f.setLength(64L * MIB);
    }
    var opened = get(new FileDiskOpener().open(new sluice.api.DiskUri("file:" + file), loops.next(), false));
    get(LabelIo.write(opened, DiskLabel.fresh(disk, server.clusterId, "d1", 64L * MIB)));
    get(opened.close());
    properties.put("sluice.agent.disks", "file:" + dir.resolve("missing") + ",file:" + file);
    start();
    server.assign(assignments(1, volume("v1", false)));
    status(VolumeStatus.Route.DIRECT);
    assertEquals("[file:" + file + ", nbd://127.0.0.1:1/d1]", direct.opened.get(0).ways().get(disk).toString());
    server.await(h -> h.getDisksCount() == 1 && h.getDisks(0).getDiskId().equals(disk));
    Files.delete(file);
  }

  @Test
  void eachStartIsANewIncarnationAndNeedsNoToken() throws Exception {
    start();
    agent.close();
    properties.remove("sluice.agent.token");
    properties.remove("sluice.agent.servers");
    start();
    assertEquals(List.of(1L, 2L), server.hellos.stream().map(h -> h.getIncarnation()).toList());
  }

  @Test
  void oneFolderIsForOneAgent() throws Exception {
    start();
    Agent second = new Agent(AgentConfig.of(properties::get), providers, List.of(), h -> h, () -> {}, ended::complete);
    assertEquals(ErrorCode.CONFLICT, assertThrows(SluiceException.class, second::identify).code());
    second.close();
  }

  @Test
  void withoutIdentityAndTokenItSaysWhatToDo() {
    properties.remove("sluice.agent.token");
    agent = new Agent(AgentConfig.of(properties::get), providers, List.of(), h -> h, () -> {}, ended::complete);
    SluiceException e = assertThrows(SluiceException.class, agent::identify);
    assertEquals(ErrorCode.UNAUTHENTICATED, e.code());
    assertTrue(e.correction().contains("sluice host token"), e.correction());
  }

  @Test
  void aSettingThatIsWrongIsNamed() {
    properties.put("sluice.agent.loops", "many");
    SluiceException e = assertThrows(SluiceException.class, () -> AgentConfig.of(properties::get));
    assertEquals("the agent cannot start with sluice.agent.loops 'many': it is not a number", e.getMessage());
  }

  @Test
  void exportsOverTcpWhenAsked() throws Exception {
    properties.put("sluice.agent.tcp", "true");
    start();
    server.assign(assignments(1, volume("v1", false)));
    VolumeStatus held = server.await(h -> h.getVolumesCount() == 1 && !h.getVolumes(0).getNbdTcpUri().isEmpty()).getVolumes(0);
    assertTrue(held.getNbdTcpUri().matches("nbd://127.0.0.1:[0-9]+/v1"), held.getNbdTcpUri());
  }
}
