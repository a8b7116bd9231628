package sluice.testkit.host;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import sluice.core.lease.HostLease;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;
import sluice.protocol.v1.VolumeStatus;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.HostDoor;
import sluice.testkit.cluster.Rig;
import sluice.testkit.cluster.ServerDoor;
import sluice.testkit.net.Path;
import sluice.testkit.world.SimLoop;

/** One run of a host's agent: a session to the server, a lease, and the volumes that it holds. */
public final class SimHost implements HostDoor {
  private static final long SILENCE = 3;

  private final Rig rig;
  private final String id;
  private final long incarnation;
  private final ServerDoor server;
  private final SimLoop loop;
  private final HostLease lease = new HostLease();
  private final Map<String, HeldVolume> held = new LinkedHashMap<>();
  private final Map<String, Order> orders = new LinkedHashMap<>();
  private Assignments wanted = Assignments.getDefaultInstance();
  private long run;
  private long round;
  private long heardAt;
  private boolean telling;
  private boolean dead;
  private boolean working;
  private boolean watching;

  /** @param working whether it has users of its volumes */
  public SimHost(Rig rig, String id, long incarnation, ServerDoor server, int driftPerMillion, boolean working) {
    this.rig = rig;
    this.id = id;
    this.incarnation = incarnation;
    this.server = server;
    this.working = working;
    loop = new SimLoop(rig.world(), rig.hostName(id) + "." + incarnation, driftPerMillion);
    lease.granted(Rig.LEASE_NANOS);
    loop.execute(this::beat);
  }

  @Override
  public String id() {
    return id;
  }

  public boolean dead() {
    return dead;
  }

  SimLoop loop() {
    return loop;
  }

  Rig rig() {
    return rig;
  }

  ServerDoor server() {
    return server;
  }

  long incarnation() {
    return incarnation;
  }

  private Path path() {
    return rig.hostToServer(id);
  }

  // ---- to the server

  private void beat() {
    tell();
    long pause = Rig.HEARTBEAT_NANOS;
    loop.schedule(pause, this::beat);
  }

  /** Now, what there is to tell. */
  private void tell() {
    telling = false;
    if (run == 0 || loop.nanoTime() - heardAt > SILENCE * Rig.HEARTBEAT_NANOS) {
      run = 0;
      send(0, ToServer.newBuilder().setHello(Hello.newBuilder().setIncarnation(incarnation)).build());
      return;
    }
    round++;
    lease.asked(round, loop.nanoTime());
    Heartbeat.Builder beat = Heartbeat.newBuilder().setRound(round).setAssignments(wanted.getNumber());
    for (HeldVolume v : held.values()) beat.addVolumes(v.status());
    send(run, ToServer.newBuilder().setHeartbeat(beat).build());
  }

  private void send(long with, ToServer message) {
    path().message(Path.THERE, () -> server.received(this, incarnation, with, message));
  }

  /** Something is worth telling at once. */
  void changed() {
    if (telling || run == 0) return;
    telling = true;
    loop.execute(this::tell);
  }

  // ---- from the server

  @Override
  public void received(long from, ToClient message) {
    loop.execute(() -> heard(from, message));
  }

  private void heard(long from, ToClient message) {
    if (message.hasWelcome()) {
      if (from < run) return;
      if (run != from) rig.world().trace(() -> loop + " has a session with run " + from);
      heardAt = loop.nanoTime();
      run = from;
      if (orders.values().stream().anyMatch(o -> o.getRun() != from)) orders.clear();
      held.values().forEach(v -> v.run(from));
      changed();
      return;
    }
    if (from != run) return;
    heardAt = loop.nanoTime();
    switch (message.getBodyCase()) {
      case HEARTBEAT_ACK -> {
        lease.answered(message.getHeartbeatAck().getRound());
        held.values().forEach(this::leased);
      }
      case ASSIGNMENTS -> assigned(message.getAssignments());
      case ORDERS -> ordered(message.getOrders());
      default -> throw new IllegalStateException("message " + message.getBodyCase());
    }
  }

  private void leased(HeldVolume v) {
    if (!v.shared()) return;
    long forEver = Long.MAX_VALUE / 4;
    v.leasedUntil(rig.has(Flaw.IGNORES_LEASE) ? loop.nanoTime() + forEver : loop.nanoTime() + lease.leftNanos(loop.nanoTime()));
    if (!rig.holes().writesOutliveTheLease() && !rig.has(Flaw.IGNORES_LEASE)) watchLease();
  }

  /** What the agent ought to do and does not yet: what is under way on disks ends with the lease. */
  private void watchLease() {
    if (watching) return;
    watching = true;
    loop.schedule(lease.leftNanos(loop.nanoTime()), () -> {
      watching = false;
      if (lease.leftNanos(loop.nanoTime()) > 0) watchLease();
      else for (HeldVolume v : held.values()) if (v.shared()) v.resetLines();
    });
  }

  private void assigned(Assignments a) {
    if (a.getNumber() > wanted.getNumber()) {
      wanted = a;
      for (Assignment one : a.getVolumesList()) hold(one);
      changed();
    }
    for (Assignment one : a.getVolumesList()) if (one.hasOrder()) ordered(one.getOrder());
  }

  private void hold(Assignment given) {
    Assignment a = !rig.has(Flaw.WRITES_UNPRESERVED) ? given
        : given.toBuilder().setVolume(given.getVolume().toBuilder().clearSnapshots()).build();
    String volume = a.getVolume().getId();
    HeldVolume v = held.get(volume);
    if (v != null) {
      v.update(a);
      return;
    }
    v = new HeldVolume(this, a);
    held.put(volume, v);
    v.run(run);
    leased(v);
    Order order = orders.get(volume);
    if (order != null) v.order(order);
    if (working) v.workload().start();
  }

  private void ordered(Orders o) {
    if (o.getRun() == run) o.getVolumesList().forEach(this::ordered);
  }

  private void ordered(Order o) {
    Order before = orders.get(o.getVolumeId());
    if (o.getRun() != run || before != null && before.getNumber() >= o.getNumber()) return;
    orders.put(o.getVolumeId(), o);
    HeldVolume v = held.get(o.getVolumeId());
    if (v != null) v.order(o);
  }

  VolumeStatus flawed(VolumeStatus s) {
    Order newest = orders.get(s.getVolumeId());
    if (newest == null) return s;
    boolean early = rig.has(Flaw.ANSWERS_BEFORE_STILL) && newest.getStandStill() && newest.getEpoch() == s.getEpoch();
    if (early) return s.toBuilder().setOrderRun(newest.getRun()).setOrderNumber(newest.getNumber()).setQuiesced(true).clearDoubtfulDiskIds().build();
    if (rig.has(Flaw.ANSWERS_BEFORE_WINDOW) && !newest.getStandStill() && newest.getEpoch() == s.getEpoch()) {
      return s.toBuilder().setOrderRun(newest.getRun()).setOrderNumber(newest.getNumber()).build();
    }
    return s;
  }

  // ---- what happens to it

  /** The process is killed, and what it had in memory is gone. */
  public void crash() {
    rig.world().trace(() -> loop + " crashes");
    dead = true;
    loop.crash();
    held.values().forEach(HeldVolume::crashed);
    rig.checks().hostGone(id);
  }

  /** Its connections to disks break. */
  public void resetLines() {
    held.values().forEach(HeldVolume::resetLines);
  }

  /** Its connections of the server route break. */
  public void breakRoutes() {
    held.values().forEach(HeldVolume::breakRoutes);
  }

  public List<Workload> workloads() {
    List<Workload> all = new ArrayList<>();
    held.values().forEach(v -> all.add(v.workload()));
    return all;
  }

  /** For people, at the end. */
  public Supplier<String> state() {
    return () -> {
      StringBuilder s = new StringBuilder(loop + " run " + run + " assignments " + wanted.getNumber());
      held.values().forEach(v -> s.append("; ").append(v));
      return s.toString();
    };
  }

  @Override
  public String toString() {
    return loop.toString();
  }
}
