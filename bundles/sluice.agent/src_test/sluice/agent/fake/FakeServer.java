package sluice.agent.fake;

import com.google.protobuf.ByteString;
import java.net.InetSocketAddress;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.ControlConnection;
import sluice.net.ControlHandler;
import sluice.net.ControlServer;
import sluice.net.HostPort;
import sluice.net.Peer;
import sluice.net.ServerLimits;
import sluice.net.pki.Authority;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.Subject;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.HeartbeatAck;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Joined;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.Welcome;

/** A server that lets everybody join, assigns what a test says, and remembers the heartbeats. */
public final class FakeServer implements ControlHandler, AutoCloseable {
  public final Authority authority = Authority.create("test", Clock.systemUTC());
  public final String clusterId = UUID.randomUUID().toString();
  public final String hostId = UUID.randomUUID().toString();
  public final JoinTokenText token = JoinTokenText.create(UUID.randomUUID().toString(), authority.sha256());
  public final List<Hello> hellos = new CopyOnWriteArrayList<>();
  private final List<ControlConnection> connections = new CopyOnWriteArrayList<>();
  private final ControlServer server;
  private Heartbeat newest = Heartbeat.getDefaultInstance();
  private volatile Assignments assignments = Assignments.getDefaultInstance();
  public volatile long run = 7;
  public volatile boolean refuse;
  public volatile boolean mute;

  public FakeServer() {
    server = ControlServer.bind(List.of(new InetSocketAddress("127.0.0.1", 0)),
        authority.identity(Subject.server(clusterId, UUID.randomUUID().toString(), "s", List.of("127.0.0.1"))), this,
        ServerLimits.standard());
  }

  public HostPort address() {
    return new HostPort("127.0.0.1", server.addresses().get(0).getPort());
  }

  @Override
  public CompletionStage<Joined> join(Join join, Peer peer) {
    try {
      return CompletableFuture.completedFuture(Joined.newBuilder()
          .setCertificate(ByteString.copyFrom(
              authority.issue(join.getCertificateRequest().toByteArray(), Subject.host(clusterId, hostId, "h1")).getEncoded()))
          .setAuthority(ByteString.copyFrom(authority.certificate().getEncoded()))
          .setId(hostId)
          .setName("h1")
          .setClusterId(clusterId)
          .setClusterName("test")
          .build());
    } catch (CertificateEncodingException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  @Override
  public CompletionStage<Welcome> hello(Hello hello, Peer peer, ControlConnection connection) {
    if (refuse) return CompletableFuture.failedFuture(new SluiceException(ErrorCode.UNAUTHENTICATED, "no", "", ""));
    hellos.add(hello);
    connections.add(connection);
    return CompletableFuture.completedFuture(Welcome.newBuilder().setVersion(1).setClusterId(clusterId).setClusterName("test")
        .setServerId("s").setLeaseMs(2_000).setHeartbeatMs(100).addControlAddresses(address().toString())
        .addNbdAddresses("127.0.0.1:1").setYourId(hostId).setYourName("h1").setRun(run).build());
  }

  @Override
  public void opened(ControlConnection connection) {
    connection.send(ToClient.newBuilder().setAssignments(assignments).build());
  }

  public void assign(Assignments a) {
    assignments = a;
    for (ControlConnection c : connections) c.send(ToClient.newBuilder().setAssignments(a).build());
  }

  public void order(Order... orders) {
    Orders all = Orders.newBuilder().setRun(run).addAllVolumes(List.of(orders)).build();
    for (ControlConnection c : connections) c.send(ToClient.newBuilder().setOrders(all).build());
  }

  @Override
  public void heartbeat(ControlConnection connection, Heartbeat heartbeat) {
    synchronized (this) {
      newest = heartbeat;
      notifyAll();
    }
    if (!mute) connection.send(ToClient.newBuilder().setHeartbeatAck(HeartbeatAck.newBuilder().setRound(heartbeat.getRound())).build());
  }

  /** Waits for a heartbeat like that. */
  public synchronized Heartbeat await(Predicate<Heartbeat> like) throws InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!like.test(newest)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) throw new AssertionError("no such heartbeat; the newest: " + newest);
      wait(left);
    }
    return newest;
  }

  public void cut() {
    for (ControlConnection c : connections) c.close("cut");
    connections.clear();
  }

  @Override
  public void call(ControlConnection connection, long id, Call call) {}

  @Override
  public void closed(ControlConnection connection, String reason) {
    connections.remove(connection);
  }

  @Override
  public void close() {
    server.close();
  }
}
