package sluice.server.session;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.net.ControlConnection;
import sluice.net.Peer;
import sluice.net.Versions;
import sluice.net.pki.PeerIdentity;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.HeartbeatAck;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Host;
import sluice.protocol.v1.ObjectChange;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.RemovedObject;
import sluice.protocol.v1.Role;
import sluice.protocol.v1.Severity;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.User;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.Welcome;
import sluice.server.ControlThread;
import sluice.server.ServerFacts;
import sluice.server.care.CareDesk;
import sluice.server.changes.CatalogFollower;
import sluice.server.changes.ServerEvents;
import sluice.server.status.StatusBook;

/** Everybody who has a session, by certificate; hosts with their leases and what they shall hold. On the control thread. */
public final class Sessions implements CatalogFollower.Follower, CareDesk.Hosts {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final long TICK_MS = 1_000;
  /** The incarnation of programs that ask under a host's identity and are not its agent: the command line on a host. */
  private static final long NO_AGENT = 0;

  private final ControlThread control;
  private final CatalogEngine engine;
  private final ServerFacts facts;
  private final ServerEvents events;
  private final StatusBook book;
  private final HostReports reports;
  private final Releases releases;
  private final CareDesk cares;
  private final Map<ControlConnection, Boolean> connections = new IdentityHashMap<>();
  private final Map<String, HostSession<ControlConnection>> hosts = new TreeMap<>();
  private final Map<String, Assignments> sent = new TreeMap<>();
  /** Hosts whose Welcome is out, with the incarnation that was told of. */
  private final Map<String, Long> present = new TreeMap<>();
  private boolean stopping;

  Sessions(ControlThread control, CatalogEngine engine, ServerFacts facts, ServerEvents events, StatusBook book,
      HostReports reports, Releases releases, CareDesk cares) {
    this.control = control;
    this.engine = engine;
    this.facts = facts;
    this.events = events;
    this.book = book;
    this.reports = reports;
    this.releases = releases;
    this.cares = cares;
  }

  /** Begins to watch the leases. */
  void start() {
    control.every(TICK_MS, this::tick);
  }

  private void tick() {
    long now = control.nanoTime();
    hosts.forEach((id, session) -> {
      // A lease that is renewed all the time is no news; one that runs out is, second by second.
      if (isShort(session, now)) book.put(session.status(now));
      if (session.leaseLeft(now) < -facts.leaseMarginMs() * 1_000_000L) leaseOver(id);
    });
  }

  private void leaseOver(String id) {
    cares.leaseOver(id);
    releases.leaseEnded(id);
  }

  CompletionStage<Welcome> hello(Hello hello, Peer peer, ControlConnection connection) {
    PeerIdentity who = peer.identity();
    Actor actor = actor(who, peer.remote());
    try {
      Welcome.Builder welcome = Welcome.newBuilder().setVersion(Versions.negotiate(hello)).setClusterId(facts.clusterId())
          .setClusterName(facts.clusterName()).setServerId(facts.serverId()).setLeaseMs(facts.leaseMs())
          .setHeartbeatMs(facts.heartbeatMs()).addAllControlAddresses(facts.controlAddresses())
          .addAllNbdAddresses(facts.nbdAddresses()).setSoftware(facts.software()).setRun(facts.run());
      String name = who.kind() == PeerIdentity.Kind.HOST ? host(who).getName() : user(who).getName();
      welcome.setYourId(who.id()).setYourName(name);
      if (who.kind() == PeerIdentity.Kind.USER) welcome.setYourRole(user(who).getRole());
      else if (hello.getIncarnation() != NO_AGENT) openHost(hello, peer, connection);
      connections.put(connection, true);
      return CompletableFuture.completedFuture(welcome.build());
    } catch (SluiceException e) {
      events.refused(actor, "connect", e.getMessage());
      return CompletableFuture.failedFuture(e);
    }
  }

  private Host host(PeerIdentity who) {
    return engine.read(v -> v.hostByCertificate(who.certificateSha256()))
        .filter(h -> h.getId().equals(who.id()) && who.clusterId().equals(facts.clusterId())).orElseThrow(Sessions::unknown);
  }

  private User user(PeerIdentity who) {
    if (who.kind() != PeerIdentity.Kind.USER) throw unknown();
    return engine.read(v -> v.userByCertificate(who.certificateSha256()))
        .filter(u -> u.getName().equals(who.id()) && who.clusterId().equals(facts.clusterId())).orElseThrow(Sessions::unknown);
  }

  private static SluiceException unknown() {
    return new SluiceException(ErrorCode.UNAUTHENTICATED, "the certificate is not accepted",
        "the catalog does not know it, or not any more", "join again with a new token");
  }

  /** Whether the catalog still knows the peer by this certificate. */
  private boolean good(PeerIdentity who) {
    try {
      if (who.kind() == PeerIdentity.Kind.HOST) host(who);
      else user(who);
      return true;
    } catch (SluiceException e) {
      return false;
    }
  }

  /** The role of a connected user at this moment. */
  public Role role(PeerIdentity who) {
    return engine.read(v -> v.user(who.id())).map(User::getRole).orElse(Role.ROLE_UNSPECIFIED);
  }

  private void openHost(Hello hello, Peer peer, ControlConnection connection) {
    String id = peer.identity().id();
    HostSession<ControlConnection> session = session(id);
    if (!session.admits(hello.getIncarnation())) {
      throw new SluiceException(ErrorCode.CONFLICT, "an older incarnation of the agent", "a newer one is connected", "stop one of them");
    }
    boolean was = session.online();
    List<ControlConnection> replaced = session.opened(connection, hello.getIncarnation(), address(peer.local()),
        address(peer.remote()), clipped(hello.getSoftware()), control.nowMs());
    for (ControlConnection old : replaced) old.close("replaced by a newer connection");
    book.put(session.status(control.nanoTime()));
    if (!was) events.note(Severity.INFO, "host-online", "host " + hostName(id) + " is online", List.of(id));
  }

  private HostSession<ControlConnection> session(String id) {
    // A run of the server before this one may have given a lease just now: it counts in full.
    return hosts.computeIfAbsent(id, i -> new HostSession<>(i, facts.controlAddresses(), control.nowMs(),
        control.nanoTime() + facts.leaseMs() * 1_000_000L));
  }

  String hostName(String id) {
    return engine.read(v -> v.host(id)).map(Host::getName).orElse(id);
  }

  /** The Welcome is out. */
  void opened(ControlConnection connection) {
    if (!isAgent(connection)) return;
    String id = connection.peer().id();
    Long incarnation = hosts.get(id).incarnation();
    if (!incarnation.equals(present.put(id, incarnation))) cares.hostOnline(id, incarnation);
    Assignments now = engine.read(v -> AssignmentsComposer.of(v, id, cares::order));
    sent.put(id, now);
    connection.send(ToClient.newBuilder().setAssignments(now).build());
    // What it shall give back is not assigned to it, and may be recalled from it nevertheless.
    Orders.Builder orders = Orders.newBuilder().setRun(facts.run());
    for (Volume v : engine.read(view -> view.volumesHeldBy(id))) {
      Order order = cares.order(v.getId(), id);
      if (order != null) orders.addVolumes(order);
    }
    if (orders.getVolumesCount() > 0) connection.send(ToClient.newBuilder().setOrders(orders).build());
  }

  /** Whether it is one of a host's session's links, and not replaced. */
  private boolean isAgent(ControlConnection connection) {
    HostSession<ControlConnection> session = hosts.get(connection.peer().id());
    return connection.peer().kind() == PeerIdentity.Kind.HOST && session != null && session.links().contains(connection);
  }

  void heartbeat(ControlConnection connection, Heartbeat heartbeat) {
    if (!connections.containsKey(connection) || connection.peer().kind() != PeerIdentity.Kind.HOST) return;
    if (!isAgent(connection)) {
      acknowledge(connection, heartbeat.getRound());
      return;
    }
    String id = connection.peer().id();
    HostSession<ControlConnection> session = hosts.get(id);
    // What it says may be what its lease waits for.
    reports.heard(id, hostName(id), session.incarnation(), heartbeat);
    if (cares.renews(id)) renew(session, heartbeat.getRound());
    if (session.renewedRound() > 0) acknowledge(connection, Math.min(heartbeat.getRound(), session.renewedRound()));
    releases.heard(id, session.incarnation(), heartbeat);
  }

  private void renew(HostSession<ControlConnection> session, long round) {
    long now = control.nanoTime();
    boolean wasShort = isShort(session, now);
    session.renewed(round, now, facts.leaseMs() * 1_000_000L);
    if (wasShort) book.put(session.status(now));
  }

  private boolean isShort(HostSession<ControlConnection> session, long now) {
    return session.leaseLeft(now) < facts.leaseMs() * 500_000L;
  }

  private static void acknowledge(ControlConnection connection, long round) {
    connection.send(ToClient.newBuilder().setHeartbeatAck(HeartbeatAck.newBuilder().setRound(round)).build());
  }

  // ---- orders

  @Override
  public void order(String hostId, Order order) {
    HostSession<ControlConnection> session = hosts.get(hostId);
    if (session == null || !present.containsKey(hostId)) return;
    ToClient message = ToClient.newBuilder().setOrders(Orders.newBuilder().setRun(facts.run()).addVolumes(order)).build();
    for (ControlConnection link : session.links()) link.send(message);
  }

  @Override
  public void online(BiConsumer<String, Long> each) {
    present.forEach(each);
  }

  /** The sessions that end from now on end because the server does: that is no event. */
  public void stopping() {
    stopping = true;
  }

  void closed(ControlConnection connection, String reason) {
    if (connections.remove(connection) == null) return;
    if (connection.peer().kind() != PeerIdentity.Kind.HOST) return;
    String id = connection.peer().id();
    HostSession<ControlConnection> session = hosts.get(id);
    if (session == null || !session.closed(connection, reason, control.nowMs())) return;
    book.put(session.status(control.nanoTime()));
    if (!session.online() && present.remove(id) != null) cares.hostOffline(id);
    if (!session.online() && !stopping) {
      events.note(Severity.WARNING, "host-offline", "host " + hostName(id) + " is offline: " + reason, List.of(id));
    }
  }

  public boolean connected(ControlConnection connection) {
    return connections.containsKey(connection);
  }

  public int connections() {
    return connections.size();
  }

  public Optional<Boolean> online(String hostId) {
    return Optional.ofNullable(hosts.get(hostId)).map(HostSession::online);
  }

  // ---- following the catalog

  @Override
  public void reload() {
    Set<String> known = new HashSet<>();
    for (Host h : engine.read(CatalogView::hosts)) {
      known.add(h.getId());
      book.put(session(h.getId()).status(control.nanoTime()));
    }
    for (String id : List.copyOf(hosts.keySet())) if (!known.contains(id)) forget(id);
    endUnknown(null);
    for (String id : known) assign(id);
  }

  @Override
  public void changed(CatalogDelta delta) {
    Set<String> concerned = new HashSet<>();
    for (ObjectChange change : delta.getChangesList()) {
      switch (change.getObjectCase()) {
        case VOLUME -> concerned.addAll(concerned(change.getVolume()));
        case DISK -> concerned.addAll(hosts.keySet());
        case HOST -> {
          book.put(session(change.getHost().getId()).status(control.nanoTime()));
          endUnknown(change.getHost().getId());
        }
        case USER -> endUnknown(change.getUser().getName());
        case REMOVED -> removed(change.getRemoved(), concerned);
        default -> {}
      }
    }
    concerned.forEach(this::assign);
  }

  private Set<String> concerned(Volume volume) {
    Set<String> ids = new HashSet<>();
    volume.getAttachmentsList().forEach(a -> ids.add(a.getHostId()));
    sent.forEach((host, assignments) -> {
      if (assignments.getVolumesList().stream().anyMatch(a -> a.getVolume().getId().equals(volume.getId()))) ids.add(host);
    });
    return ids;
  }

  private void removed(RemovedObject removed, Set<String> concerned) {
    if (removed.getKind() == RemovedObject.Kind.VOLUME || removed.getKind() == RemovedObject.Kind.DISK) concerned.addAll(sent.keySet());
    if (removed.getKind() != RemovedObject.Kind.HOST && removed.getKind() != RemovedObject.Kind.USER) return;
    endUnknown(removed.getId());
    if (removed.getKind() == RemovedObject.Kind.HOST) forget(removed.getId());
  }

  private void forget(String host) {
    hosts.remove(host);
    sent.remove(host);
    if (present.remove(host) != null) cares.hostOffline(host);
    book.forgetHost(host);
  }

  /** Ends the connections whose certificate is good for nothing any more. @param id of whom; null: of all */
  private void endUnknown(String id) {
    for (ControlConnection c : new ArrayList<>(connections.keySet())) {
      if ((id == null || c.peer().id().equals(id)) && !good(c.peer())) {
        LOG.info("the session of {} {} from {} ends: it has been revoked", c.peer().kind(), c.peer().id(), c.remote());
        c.close("access has been taken away");
      }
    }
  }

  /** Sends what the host shall hold, over all its networks, if that has changed. */
  private void assign(String host) {
    HostSession<ControlConnection> session = hosts.get(host);
    if (session == null || !session.online()) {
      sent.remove(host);
      return;
    }
    Assignments now = engine.read(v -> AssignmentsComposer.of(v, host, cares::order));
    Assignments before = sent.get(host);
    // A host that shall give something back must say that it knows: it is sent the number even if it never had the volume.
    boolean owes = engine.read(v -> AssignmentsComposer.owes(v, host));
    if (before != null && before.getVolumesList().equals(now.getVolumesList()) && !owes) return;
    sent.put(host, now);
    ToClient message = ToClient.newBuilder().setAssignments(now).build();
    for (ControlConnection link : session.links()) link.send(message);
  }

  // ---- words

  static Actor actor(PeerIdentity who, InetSocketAddress remote) {
    Actor.Kind kind = switch (who.kind()) {
      case HOST -> Actor.Kind.HOST;
      case USER -> Actor.Kind.USER;
      default -> Actor.Kind.KIND_UNSPECIFIED;
    };
    return Actor.newBuilder().setKind(kind).setName(who.id()).setAddress(address(remote)).build();
  }

  /** Who a connection is, for the catalog. */
  public static Actor actor(ControlConnection connection) {
    return actor(connection.peer(), connection.remote());
  }

  static String address(InetSocketAddress a) {
    String host = a.getAddress() == null ? a.getHostString() : a.getAddress().getHostAddress();
    return host.contains(":") ? "[" + host + "]:" + a.getPort() : host + ":" + a.getPort();
  }

  private static String clipped(String text) {
    return text.length() <= 100 ? text : text.substring(0, 100);
  }
}
