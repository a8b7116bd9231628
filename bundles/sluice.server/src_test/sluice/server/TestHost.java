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
import sluice.protocol.v1.VolumeStatus;

/** What an agent says to the server, without any I/O: takes what it is assigned, and gives back what it is not. */
public final class TestHost implements AutoCloseable {
  public final Identity identity;
  public final String id;
  private final LinkSet links;
  private volatile Assignments newest = Assignments.getDefaultInstance();
  /** Volumes that the host does not let go of yet. */
  public final Set<String> clinging = ConcurrentHashMap.newKeySet();
  private final Map<String, VolumeStatus> held = new ConcurrentHashMap<>();
  private volatile VolumeStatus.Route route = VolumeStatus.Route.DIRECT;

  public TestHost(TestCluster cluster, String name) {
    this(cluster, join(cluster, cluster.token(name)), 1);
  }

  public static Identity join(TestCluster cluster, String token) {
    KeyRequest key = KeyRequest.create();
    return key.identity(JoinClient.join(cluster.server().controlAddresses(), JoinTokenText.parse(token), key, Duration.ofSeconds(10)));
  }

  public TestHost(TestCluster cluster, Identity identity, long incarnation) {
    this.identity = identity;
    this.id = identity.id();
    links = LinkSet.open(LinkSetup.host(cluster.server().controlAddresses(), identity, "test-agent", incarnation, this::heartbeat, LeaseClock.none()),
        new LinkListener() {
          @Override
          public void assignments(ControlLink link, Assignments assignments) {
            if (assignments.getNumber() < newest.getNumber()) return;
            newest = assignments;
            links.beatNow();
          }
        });
  }

  private Heartbeat heartbeat() {
    Assignments now = newest;
    Heartbeat.Builder b = Heartbeat.newBuilder().setAssignments(now.getNumber());
    held.keySet().removeIf(v -> !clinging.contains(v) && now.getVolumesList().stream().noneMatch(a -> a.getVolume().getId().equals(v)));
    for (Assignment a : now.getVolumesList()) held.put(a.getVolume().getId(), VolumeStatus.getDefaultInstance());
    for (String v : held.keySet()) {
      b.addVolumes(VolumeStatus.newBuilder().setVolumeId(v).setHostId("somebody else").setHeld(true).setRoute(route)
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
