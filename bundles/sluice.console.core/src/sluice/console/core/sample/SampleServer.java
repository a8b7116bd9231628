package sluice.console.core.sample;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlConnection;
import sluice.net.ControlHandler;
import sluice.net.ControlServer;
import sluice.net.HostPort;
import sluice.net.Peer;
import sluice.net.ServerLimits;
import sluice.net.ServerReplies;
import sluice.net.pki.Authority;
import sluice.net.pki.Identity;
import sluice.net.pki.Subject;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.EventList;
import sluice.protocol.v1.Event;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.HeartbeatAck;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.VolumeStatus;
import sluice.protocol.v1.Welcome;

/**
 * A management server of a cluster that does not exist: a real control server on loopback with TLS, whose picture is large
 * and changes many times a second. It knows watching and events, and answers NOT_FOUND to everything else.
 */
public final class SampleServer implements ControlHandler, AutoCloseable {
  private static final int TICKS_PER_SECOND = 20;
  private static final int PART_VOLUMES = 2_000;

  private record Watcher(ControlConnection connection, long call) {}

  private final SampleSize size;
  private final SamplePicture sample;
  private final Picture first;
  private final Random random = new Random(7);
  private final Authority authority = Authority.create("sample", Clock.systemUTC());
  private final ControlServer server;
  private final ScheduledExecutorService feed = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread t = new Thread(task, "sluice-sample");
    t.setDaemon(true);
    return t;
  });
  private final String cluster;
  // The feed's.
  private final List<Watcher> watchers = new ArrayList<>();
  private long number = 1;
  private long tick;
  private int lost = -1;
  private boolean running;

  public SampleServer(SampleSize size) {
    this.size = size;
    this.sample = new SamplePicture(size);
    this.first = sample.make(System.currentTimeMillis());
    this.cluster = first.getCluster().getId();
    Identity identity = authority.identity(Subject.server(cluster, "s1", "s1", List.of("127.0.0.1")));
    this.server = ControlServer.bind(List.of(new InetSocketAddress("127.0.0.1", 0)), identity, this, ServerLimits.standard());
    feed.scheduleAtFixedRate(this::tick, 1000 / TICKS_PER_SECOND, 1000 / TICKS_PER_SECOND, TimeUnit.MILLISECONDS);
  }

  public List<HostPort> addresses() {
    return server.addresses().stream().map(a -> new HostPort(a.getAddress().getHostAddress(), a.getPort())).toList();
  }

  /** A user who may do all. */
  public Identity admin() {
    return authority.identity(Subject.user(cluster, "admin"));
  }

  /** Lets changes come from now on. */
  public void run() {
    feed.execute(() -> running = true);
  }

  private void tick() {
    if (!running || watchers.isEmpty()) return;
    tick++;
    long now = System.currentTimeMillis();
    PictureDelta.Builder delta = PictureDelta.newBuilder().setNumber(++number).setTimeMs(now);
    int changes = Math.max(1, size.changesPerSecond() / TICKS_PER_SECOND);
    for (int i = 0; i < changes; i++) delta.addChanges(change(i, now));
    if (tick % TICKS_PER_SECOND == 0) delta.addEvents(Event.newBuilder().setNumber(tick).setTimeMs(now).setSeverity(Severity.INFO).setKind("route-changed").setText("something happened").build());
    ToClient.Builder message = ToClient.newBuilder().setPictureDelta(delta);
    for (Watcher w : watchers) w.connection.send(message.setAnswers(w.call).build());
  }

  /** Mostly figures, some routes, a new layout now and then, and every two seconds a disk that goes or comes. */
  private ObjectChange change(int i, long now) {
    if (i == 0 && tick % (2 * TICKS_PER_SECOND) == 0) {
      int disk = lost >= 0 ? lost : random.nextInt(size.disks());
      boolean back = lost >= 0;
      lost = back ? -1 : disk;
      return ObjectChange.newBuilder().setDiskStatus(sample.disk(disk, back, now)).build();
    }
    int volume = random.nextInt(size.volumes());
    if (i % 20 == 1) return ObjectChange.newBuilder().setVolume(sample.volume(volume, tick + 1)).build();
    if (i % 20 == 2) return ObjectChange.newBuilder().setHostStatus(sample.host(random.nextInt(size.hosts()), now)).build();
    VolumeStatus.Route route = i % 20 == 3 ? VolumeStatus.Route.SERVER : VolumeStatus.Route.DIRECT;
    return ObjectChange.newBuilder().setVolumeStatus(sample.status(volume, tick * 50, route, now)).build();
  }

  private void watch(ControlConnection connection, long id) {
    Picture.Builder rest = first.toBuilder().setNumber(number).setTimeMs(System.currentTimeMillis()).clearVolumes();
    send(connection, id, rest.setPart(0).setMore(true).build(), false);
    int part = 1;
    for (int from = 0; from < size.volumes(); from += PART_VOLUMES) {
      int to = Math.min(size.volumes(), from + PART_VOLUMES);
      boolean more = to < size.volumes();
      send(connection, id, Picture.newBuilder().setPart(part++).setMore(more).addAllVolumes(first.getVolumesList().subList(from, to)).build(), !more);
    }
    watchers.add(new Watcher(connection, id));
  }

  private static void send(ControlConnection connection, long id, Picture part, boolean last) {
    connection.send(ServerReplies.of(id, Reply.newBuilder().setLast(last).setPicture(part).build()));
  }

  @Override
  public CompletionStage<Joined> join(Join join, Peer peer) {
    return CompletableFuture.failedFuture(new SluiceException(ErrorCode.UNAUTHENTICATED, "nobody joins a sample", "", ""));
  }

  @Override
  public CompletionStage<Welcome> hello(Hello hello, Peer peer, ControlConnection connection) {
    return CompletableFuture.completedFuture(Welcome.newBuilder().setVersion(1).setClusterId(cluster).setClusterName("sample").setServerId("s1").setLeaseMs(5000).setHeartbeatMs(500)
        .setYourId(peer.identity().id()).setYourName(peer.identity().id()).setYourRole(Role.ADMIN).build());
  }

  @Override
  public void opened(ControlConnection connection) {}

  @Override
  public void heartbeat(ControlConnection connection, Heartbeat heartbeat) {
    connection.send(ToClient.newBuilder().setHeartbeatAck(HeartbeatAck.newBuilder().setRound(heartbeat.getRound())).build());
  }

  @Override
  public void call(ControlConnection connection, long id, Call call) {
    if (call.hasWatch()) {
      feed.execute(() -> watch(connection, id));
    } else if (call.hasListEvents()) {
      connection.send(ServerReplies.of(id, Reply.newBuilder().setLast(true).setEvents(EventList.getDefaultInstance()).build()));
    } else {
      connection.send(ServerReplies.problem(id, new SluiceException(ErrorCode.NOT_FOUND, "a sample does nothing", "there is no such cluster", "connect to a real one")));
    }
  }

  @Override
  public void closed(ControlConnection connection, String reason) {
    if (!feed.isShutdown()) feed.execute(() -> watchers.removeIf(w -> w.connection == connection));
  }

  @Override
  public void close() {
    feed.shutdownNow();
    server.close();
  }
}
