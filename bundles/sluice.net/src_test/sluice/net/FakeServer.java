package sluice.net;

import com.google.protobuf.ByteString;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sluice.api.SluiceException;
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
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.Welcome;

/** A real control server, on loopback, with a handler that notes what comes and answers it. */
class FakeServer implements ControlHandler, AutoCloseable {
  static final String CLUSTER = "c1";

  final Authority authority = Authority.create("test", Clock.systemUTC());
  final Identity identity = authority.identity(Subject.server(CLUSTER, "s1", "s1", List.of("127.0.0.1")));
  final BlockingQueue<ControlConnection> opened = new LinkedBlockingQueue<>();
  final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  final BlockingQueue<Join> joins = new LinkedBlockingQueue<>();
  final BlockingQueue<Heartbeat> heartbeats = new LinkedBlockingQueue<>();
  final List<String> advertised = new ArrayList<>();
  volatile SluiceException refusal;
  volatile boolean answersJoins = true;
  volatile boolean answersCalls = true;
  private ControlServer server;

  FakeServer start(ServerLimits limits, String... hosts) {
    return start(identity, limits, hosts);
  }

  FakeServer start(Identity shown, ServerLimits limits, String... hosts) {
    List<InetSocketAddress> all = new ArrayList<>();
    for (String host : hosts.length == 0 ? new String[] {"127.0.0.1"} : hosts) all.add(new InetSocketAddress(host, 0));
    server = ControlServer.bind(all, shown, this, limits);
    return this;
  }

  InetSocketAddress address(int index) {
    return server.addresses().get(index);
  }

  HostPort hostPort(int index) {
    return new HostPort(address(index).getAddress().getHostAddress(), address(index).getPort());
  }

  Identity host(String id) {
    return authority.identity(Subject.host(CLUSTER, id, id));
  }

  Identity user(String name) {
    return authority.identity(Subject.user(CLUSTER, name));
  }

  int connections() {
    return server.connections();
  }

  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T found = queue.poll(60, TimeUnit.SECONDS);
    if (found == null) throw new AssertionError("nothing came");
    return found;
  }

  @Override
  public CompletionStage<Joined> join(Join join, Peer peer) {
    joins.add(join);
    if (refusal != null) return CompletableFuture.failedFuture(refusal);
    if (!answersJoins) return new CompletableFuture<>();
    try {
      var certificate = authority.issue(join.getCertificateRequest().toByteArray(), Subject.host(CLUSTER, "h9", "h9"));
      return CompletableFuture.completedFuture(
          Joined.newBuilder()
              .setCertificate(ByteString.copyFrom(certificate.getEncoded()))
              .setAuthority(ByteString.copyFrom(authority.certificate().getEncoded()))
              .setId("h9")
              .setName("h9")
              .setClusterId(CLUSTER)
              .setClusterName("test")
              .build());
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
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
            .setHeartbeatMs(100)
            .addAllControlAddresses(advertised)
            .setYourId(peer.identity().id())
            .build());
  }

  @Override
  public void opened(ControlConnection connection) {
    opened.add(connection);
  }

  @Override
  public void heartbeat(ControlConnection connection, Heartbeat heartbeat) {
    heartbeats.add(heartbeat);
    HeartbeatAck ack = HeartbeatAck.newBuilder().setRound(heartbeat.getRound()).build();
    connection.send(ToClient.newBuilder().setHeartbeatAck(ack).build());
  }

  @Override
  public void call(ControlConnection connection, long id, Call call) {
    if (!answersCalls) return;
    connection.send(ServerReplies.of(id, Reply.newBuilder().setLast(true).setDone(Done.getDefaultInstance()).build()));
  }

  @Override
  public void closed(ControlConnection connection, String reason) {
    closed.add(reason);
  }

  @Override
  public void close() {
    if (server != null) server.close();
  }
}
