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
  private long started;
  private boolean snapshotsOver;

  public ServerSide(Rig rig) {
    this.rig = rig;
  }

  public void start() {
    if (up()) return;
    int drift = (int) rig.world().chance().between(-Rig.DRIFT_PER_MILLION, Rig.DRIFT_PER_MILLION);
    started = rig.world().now();
    server = new SimServer(rig, ++runs, drift);
    if (snapshotsOver) server.stopSnapshots();
  }

  public void crash() {
    if (up()) server.crash();
  }

  /** An administrator asks for it, and does not wait for what comes of it. */
  public void resize(String volumeId, String name, long bytes) {
    if (up()) server.resize(volumeId, name, bytes);
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

  /** How long it has been up; 0 if it is not. */
  public long upNanos() {
    return up() ? rig.world().now() - started : 0;
  }

  /** Whether it would notice that the disk loses power. */
  public boolean watches(String disk) {
    return up() && server.watches(disk);
  }

  /** No more snapshots are taken or deleted. */
  public void stopSnapshots() {
    snapshotsOver = true;
    if (up()) server.stopSnapshots();
  }

  /** All of every snapshot. */
  public void readSnapshots(Runnable done) {
    server.readSnapshots(done);
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
