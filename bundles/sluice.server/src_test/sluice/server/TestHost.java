package sluice.server;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sluice.net.ControlLink;
import sluice.net.JoinClient;
import sluice.net.LeaseClock;
import sluice.net.LinkListener;
import sluice.net.LinkSet;
import sluice.net.LinkSetup;
import sluice.net.pki.Identity;
import sluice.net.pki.JoinTokenText;
import sluice.net.pki.KeyRequest;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Join;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.VolumeStatus;

/**
 * What an agent says to the server, without any I/O: takes what it is assigned, gives back what it is not, and answers
 * orders at once, since it has nothing under way.
 */
public final class TestHost implements AutoCloseable {
  public final Identity identity;
  public final String id;
  private final LinkSet links;
  private volatile Assignments newest = Assignments.getDefaultInstance();
  /** Volumes that the host does not let go of yet. */
  public final Set<String> clinging = ConcurrentHashMap.newKeySet();
  private final Map<String, VolumeStatus> held = new ConcurrentHashMap<>();
  private final Map<String, Order> orders = new ConcurrentHashMap<>();
  private final Map<String, Order> inForce = new ConcurrentHashMap<>();
  /** Does not answer orders any more, as if something were under way for ever. */
  public volatile boolean deaf;
  private volatile long beats;
  private volatile VolumeStatus.Route route = VolumeStatus.Route.DIRECT;

  public TestHost(TestCluster cluster, String name) {
    this(cluster, join(cluster, cluster.token(name)), 1);
  }

  public static Identity join(TestCluster cluster, String token) {
    KeyRequest key = KeyRequest.create();
    return key.identity(JoinClient.join(cluster.server().controlAddresses(), JoinTokenText.parse(token), Join.As.EITHER, key, Duration.ofSeconds(10)));
  }

  public TestHost(TestCluster cluster, Identity identity, long incarnation) {
    this(cluster, identity, incarnation, false);
  }

  public TestHost(TestCluster cluster, Identity identity, long incarnation, boolean deaf) {
    this.deaf = deaf;
    this.identity = identity;
    this.id = identity.id();
    links = LinkSet.open(LinkSetup.host(cluster.server().controlAddresses(), identity, "test-agent", incarnation, this::heartbeat, LeaseClock.none()),
        new LinkListener() {
          @Override
          public void assignments(ControlLink link, Assignments assignments) {
            if (assignments.getNumber() < newest.getNumber()) return;
            newest = assignments;
            for (Assignment a : assignments.getVolumesList()) if (a.hasOrder()) take(a.getOrder());
            links.beatNow();
          }

          @Override
          public void orders(ControlLink link, Orders told) {
            told.getVolumesList().forEach(TestHost.this::take);
            links.beatNow();
          }
        });
  }

  private void take(Order order) {
    orders.merge(order.getVolumeId(), order, (before, now) -> now.getRun() > before.getRun()
        || now.getRun() == before.getRun() && now.getNumber() > before.getNumber() ? now : before);
  }

  private VolumeStatus.Builder answering(String volume, Assignments now) {
    long epoch = now.getVolumesList().stream().filter(a -> a.getVolume().getId().equals(volume))
        .mapToLong(a -> a.getVolume().getLayout().getEpoch()).findFirst().orElse(0);
    Order order = orders.get(volume);
    if (order != null && !deaf && order.getEpoch() <= epoch) inForce.put(volume, order);
    Order in = inForce.getOrDefault(volume, Order.getDefaultInstance());
    return VolumeStatus.newBuilder().setEpoch(epoch).setOrderRun(in.getRun()).setOrderNumber(in.getNumber()).setQuiesced(in.getStandStill());
  }

  /** What the server wants of this host at the moment. */
  public Order order(String volume) {
    return orders.getOrDefault(volume, Order.getDefaultInstance());
  }

  /** Heartbeats so far. */
  public long beats() {
    return beats;
  }

  private Heartbeat heartbeat() {
    beats++;
    Assignments now = newest;
    Heartbeat.Builder b = Heartbeat.newBuilder().setAssignments(now.getNumber());
    held.keySet().removeIf(v -> !clinging.contains(v) && now.getVolumesList().stream().noneMatch(a -> a.getVolume().getId().equals(v)));
    for (Assignment a : now.getVolumesList()) held.put(a.getVolume().getId(), VolumeStatus.getDefaultInstance());
    for (String v : held.keySet()) {
      b.addVolumes(answering(v, now).setVolumeId(v).setHostId("somebody else").setHeld(true).setRoute(route)
          .setReason(route == VolumeStatus.Route.DIRECT ? "" : "the disk is broken").setNbdUri("nbd+unix:///" + v + "?socket=/x"));
    }
    return b.build();
  }

  public void route(VolumeStatus.Route to) {
    route = to;
    links.beatNow();
  }

  public Assignments assignments() {
    return newest;
  }

  public int up() {
    return links.up().size();
  }

  @Override
  public void close() {
    links.close();
  }
}
