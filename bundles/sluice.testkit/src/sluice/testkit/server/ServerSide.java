package sluice.testkit.server;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.ToServer;
import sluice.testkit.cluster.HostDoor;
import sluice.testkit.cluster.Rig;
import sluice.testkit.cluster.ServerDoor;
import sluice.testkit.net.RouteLink;

/** The server through all its runs, as the network reaches it. */
public final class ServerSide implements ServerDoor {
  private final Rig rig;
  private SimServer server;
  private long runs;

  public ServerSide(Rig rig) {
    this.rig = rig;
  }

  public void start() {
    if (up()) return;
    int drift = (int) rig.world().chance().between(-Rig.DRIFT_PER_MILLION, Rig.DRIFT_PER_MILLION);
    server = new SimServer(rig, ++runs, drift);
  }

  public void crash() {
    if (up()) server.crash();
  }

  /** An administrator asks for it, and does not wait for what comes of it. */
  public void resize(String volumeId, String name, long bytes) {
    if (up()) server.resize(volumeId, name, bytes);
  }

  /** The same, for one more leg. */
  public void addLeg(String volumeId) {
    if (up()) server.addLeg(volumeId);
  }

  /** An administrator asks for a change; who asks while there is no server asks in vain. */
  public void ask(Function<List<AvoidDisk>, Change> change) {
    if (up()) server.submit(change.apply(server.avoid()), result -> {});
  }

  @Override
  public boolean up() {
    return server != null && !server.dead();
  }

  @Override
  public void received(HostDoor from, long incarnation, long run, ToServer message) {
    if (up()) server.received(from, incarnation, run, message);
  }

  @Override
  public void connect(String hostId, String volumeId, long incarnation, long generation, RouteLink link, Consumer<String> answer) {
    if (up()) server.connect(hostId, volumeId, incarnation, generation, link, answer);
  }

  /** Of the run that is up, or was last. */
  public String name() {
    return "server." + runs;
  }

  /** Whether it would notice that the disk loses power. */
  public boolean watches(String disk) {
    return up() && server.watches(disk);
  }

  /** An administrator has the legs of a volume compared. */
  public void verify(String volumeId) {
    if (up()) server.verify(volumeId);
  }

  /** Nothing of the hosts' waits at the server. */
  public boolean idle() {
    return up() && server.idle();
  }

  @Override
  public String toString() {
    return server == null ? "no server" : server.state().get();
  }
}
