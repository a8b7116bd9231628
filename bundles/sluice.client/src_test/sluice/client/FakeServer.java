package sluice.client;

import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.HeartbeatAck;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.PictureDelta;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.Welcome;

/** A real control server with a handler that does each request id once, as the catalog does, and counts. */
final class FakeServer implements ControlHandler, AutoCloseable {
  static final String CLUSTER = "c1";
  static final int HEARTBEAT_MS = 250;

  /** What a call did: how often it came, and its one effect. */
  final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();

  final AtomicInteger effects = new AtomicInteger();
  final BlockingQueue<ControlConnection> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<ControlConnection> watchers = new LinkedBlockingQueue<>();
  final Set<ControlConnection> now = ConcurrentHashMap.newKeySet();
  final List<String> advertised = new ArrayList<>();
  volatile SluiceException refusal;
  volatile Picture picture = Picture.newBuilder().setNumber(5).build();

  /** What to do with a call that is no picture and no watch; answers Done if it is null. */
  volatile Consumer<Asked> onCall;

  record Asked(ControlConnection connection, long id, Call call) {}

  private final Authority authority = Authority.create("test", Clock.systemUTC());
  private final Identity identity =
      authority.identity(Subject.server(CLUSTER, "s1", "s1", List.of("127.0.0.1", "127.0.0.2")));
  private List<InetSocketAddress> addresses;
  private ControlServer server;

  FakeServer(String... hosts) {
    List<InetSocketAddress> wanted = new ArrayList<>();
    for (String host : hosts) wanted.add(new InetSocketAddress(host, 0));
    server = ControlServer.bind(wanted, identity, this, ServerLimits.standard());
    addresses = server.addresses();
  }

  InetSocketAddress address(int index) {
    return addresses.get(index);
  }

  /** Which of the addresses a connection came to. */
  int network(ControlConnection connection) {
    return addresses.indexOf(connection.local());
  }

  HostPort hostPort(int index) {
    return new HostPort(address(index).getAddress().getHostAddress(), address(index).getPort());
  }

  Identity user(String name) {
    return authority.identity(Subject.user(CLUSTER, name));
  }

  Identity host(String id) {
    return authority.identity(Subject.host(CLUSTER, id, id));
  }

  /** Goes away, with all connections. */
  void stop() {
    server.close();
  }

  /** Comes back at the same addresses, showing its own certificate, or another. */
  void startAgain(Identity shown) {
    server = ControlServer.bind(addresses, shown == null ? identity : shown, this, ServerLimits.standard());
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(60, TimeUnit.SECONDS);
    if (found == null) throw new AssertionError("nothing came");
    return found;
  }

  void done(Asked asked) {
    asked.connection.send(
        ServerReplies.of(
            asked.id, Reply.newBuilder().setLast(true).setDone(Done.newBuilder().setRevision(effects.get())).build()));
  }

  static void delta(ControlConnection to, PictureDelta delta) {
    to.send(ToClient.newBuilder().setPictureDelta(delta).build());
  }

  @Override
  public CompletionStage<Joined> join(Join join, Peer peer) {
    return CompletableFuture.failedFuture(new IllegalStateException("no test joins here"));
  }

  @Override
  public CompletionStage<Welcome> hello(Hello hello, Peer peer, ControlConnection connection) {
    if (refusal != null) throw refusal;
    return CompletableFuture.completedFuture(
        Welcome.newBuilder()
            .setVersion(1)
            .setClusterId(CLUSTER)
            .setServerId("s1")
            .setLeaseMs(2000)
            .setHeartbeatMs(HEARTBEAT_MS)
            .addAllControlAddresses(advertised)
            .setYourId(peer.identity().id())
            .build());
  }

  @Override
  public void opened(ControlConnection connection) {
    now.add(connection);
    opened.add(connection);
  }

  @Override
  public void heartbeat(ControlConnection connection, Heartbeat heartbeat) {
    HeartbeatAck ack = HeartbeatAck.newBuilder().setRound(heartbeat.getRound()).build();
    connection.send(ToClient.newBuilder().setHeartbeatAck(ack).build());
  }

  @Override
  public void call(ControlConnection connection, long id, Call call) {
    if (call.hasGetPicture() || call.hasWatch()) {
      connection.send(ServerReplies.of(id, Reply.newBuilder().setLast(true).setPicture(picture).build()));
      if (call.hasWatch()) watchers.add(connection);
      return;
    }
    AtomicInteger times = arrivals.computeIfAbsent(call.getRequestId(), k -> new AtomicInteger());
    if (times.incrementAndGet() == 1) effects.incrementAndGet();
    Asked asked = new Asked(connection, id, call);
    if (onCall == null) done(asked);
    else onCall.accept(asked);
  }

  @Override
  public void closed(ControlConnection connection, String reason) {
    now.remove(connection);
  }

  @Override
  public void close() {
    server.close();
  }
}
