package sluice.testkit.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sluice.core.catalog.CatalogOutcome;
import sluice.core.moves.Mover;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Assignments;
import sluice.protocol.v1.Attachment;
import sluice.protocol.v1.AvoidDisk;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Disk;
import sluice.protocol.v1.Heartbeat;
import sluice.protocol.v1.HeartbeatAck;
import sluice.protocol.v1.MoveLeg;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.Orders;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;
import sluice.protocol.v1.Volume;
import sluice.protocol.v1.VolumeStatus;
import sluice.protocol.v1.Welcome;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.HostDoor;
import sluice.testkit.cluster.Rig;
import sluice.testkit.net.Path;
import sluice.testkit.net.RouteLink;
import sluice.testkit.world.SimLoop;

/** One run of the server: disks, sessions and leases, and the care of each volume. */
final class SimServer {
  private static final long TICK_NANOS = 100_000_000L;
  private static final long COMMIT_MOST = 4_000_000L;

  private static final class Session {
    HostDoor door;
    long incarnation;
    boolean online;
    long leaseEnds;
    boolean leaseOver;
    long heardAt;
  }

  private final Rig rig;
  private final long run;
  private final SimLoop loop;
  private final Map<String, DiskWatch> disks = new LinkedHashMap<>();
  private final Map<String, ServedVolume> volumes = new TreeMap<>();
  private final Map<String, SimCare> cares = new TreeMap<>();
  private final Map<String, SimSnapshots> snapshots = new TreeMap<>();
  private boolean snapshotsOver;
  private final Map<String, Session> sessions = new TreeMap<>();
  private final Mover mover;

  SimServer(Rig rig, long run, int driftPerMillion) {
    this.rig = rig;
    this.run = run;
    loop = new SimLoop(rig.world(), "server." + run, driftPerMillion);
    mover = new Mover(new SimMoves(rig, this));
    loop.execute(this::start);
  }

  private void start() {
    for (String id : rig.disks().keySet()) disks.put(id, new DiskWatch(rig, id, loop, this::disk));
    List<Volume> all = rig.catalog().view().volumes();
    all.forEach(this::serve);
    all.forEach(this::care);
    volumes.values().forEach(ServedVolume::preserve);
    // A run before this one may have given leases just now: they count in full.
    for (var h : rig.catalog().view().hosts()) {
      Session s = new Session();
      s.leaseEnds = loop.nanoTime() + Rig.LEASE_NANOS;
      sessions.put(h.getId(), s);
    }
    loop.schedule(TICK_NANOS, this::tick);
  }

  private void serve(Volume v) {
    volumes.put(v.getId(), new ServedVolume(rig, loop, v, disks::get, run, (leg, disk, error) -> failed(v.getId(), leg, disk, error),
        volumes::get, (slots, free, waiting) -> {
          if (snapshots.containsKey(v.getId())) snapshots.get(v.getId()).roomWanted(slots, free, waiting);
        }));
  }

  private SimCare care(Volume v) {
    SimCare care = new SimCare(this, rig, loop, volumes.get(v.getId()), run);
    cares.put(v.getId(), care);
    care.changed(v);
    if (rig.snapshots() && v.getAreaOfVolumeId().isEmpty()) {
      SimSnapshots taken = new SimSnapshots(this, rig, loop, volumes.get(v.getId()), care);
      snapshots.put(v.getId(), taken);
      care.snapshots(taken);
      if (snapshotsOver) taken.stop();
    }
    return care;
  }

  /** What is to be moved of a volume, also of one that had no care yet: it has to be told what all others know. */
  void move(String volumeId, MoveLeg move) {
    SimCare care = cares.get(volumeId);
    if (care == null) {
      if (move == null) return;
      care = begin(rig.catalog().view().volume(volumeId).orElseThrow());
    }
    care.care().move(move);
  }

  /** The care of a volume that had none is told what all others know. */
  private SimCare begin(Volume v) {
    SimCare begun = care(v);
    disks.forEach((id, watch) -> {
      if (watch.known()) begun.care().disk(id, watch.online(), "");
    });
    sessions.forEach((id, s) -> {
      if (s.online) begun.care().hostOnline(id, s.incarnation);
    });
    return begun;
  }

  SimCare caring(String volumeId) {
    return cares.get(volumeId);
  }

  SimLoop loop() {
    return loop;
  }

  /** Everything is being moved off the disk. */
  boolean leaving(String disk) {
    return rig.catalog().view().tasks().stream().anyMatch(t -> (t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED)
        && t.getMove().getDiskId().equals(disk));
  }

  List<AvoidDisk> avoid() {
    List<AvoidDisk> avoid = new ArrayList<>();
    for (String disk : rig.disks().keySet()) {
      if (!online(disk)) avoid.add(AvoidDisk.newBuilder().setDiskId(disk).setReason("offline").build());
    }
    return avoid;
  }

  boolean dead() {
    return loop.dead();
  }

  void crash() {
    rig.world().trace(() -> loop + " crashes");
    loop.crash();
    disks.values().forEach(DiskWatch::abandon);
    volumes.values().forEach(ServedVolume::abandon);
    rig.checks().serverGone();
  }

  void resize(String volumeId, String name, long bytes) {
    rig.world().trace(() -> loop + " is asked to make " + name + " " + bytes + " large");
    loop.execute(() -> cares.get(volumeId).care().resize(bytes, name, result ->
        rig.world().trace(() -> loop + " answers for " + name + ": " + (result.hasProblem() ? result.getProblem().getWhy() : "done"))));
  }

  boolean online(String disk) {
    return disks.containsKey(disk) && disks.get(disk).online();
  }

  boolean watches(String disk) {
    return disks.containsKey(disk) && disks.get(disk).watched();
  }

  private void disk(String id, boolean online, String reason) {
    if (!online) rig.checks().suspect(id);
    cares.values().forEach(c -> c.care().disk(id, online, reason));
    if (online) cares.values().forEach(c -> c.care().spaceChanged());
  }

  private void failed(String volumeId, String leg, String disk, int error) {
    rig.checks().suspect(disk);
    rig.world().trace(() -> loop + ": leg " + leg + " of " + volumeId.substring(24) + " failed on " + disk + " " + error);
    loop.execute(() -> {
      if (cares.containsKey(volumeId)) cares.get(volumeId).care().legFailed(leg, "error " + error);
    });
  }

  // ---- the catalog

  private long submitted;

  /** Applied now or a little later, or, if the server crashes before, perhaps never. */
  void submit(Change change, Consumer<CommandResult> answer) {
    String request = run + "-" + ++submitted;
    rig.world().after(rig.world().chance().below((int) COMMIT_MOST), () -> {
      if (loop.dead() && rig.world().chance().is(0.5)) return;
      CatalogOutcome outcome = rig.catalog().apply(request, change);
      loop.schedule(rig.world().chance().below((int) COMMIT_MOST), () -> {
        heard(outcome.delta());
        answer.accept(outcome.result());
      });
    });
  }

  private void heard(CatalogDelta delta) {
    for (Volume v : rig.catalog().view().volumes()) {
      if (!v.getAreaOfVolumeId().isEmpty() && !volumes.containsKey(v.getId())) {
        serve(v);
        begin(v);
      }
    }
    for (Volume v : rig.catalog().view().volumes()) {
      if (!SimCare.concerns(delta, v.getId()) || !volumes.containsKey(v.getId())) continue;
      volumes.get(v.getId()).changed(v);
      if (cares.containsKey(v.getId())) cares.get(v.getId()).changed(v);
    }
    for (Session s : sessions.values()) if (s.online) assign(s);
  }

  // ---- sessions

  void received(HostDoor from, long incarnation, long with, ToServer message) {
    loop.execute(() -> {
      if (message.hasHello()) hello(from, incarnation);
      else if (with == run) heartbeat(from, incarnation, message.getHeartbeat());
    });
  }

  private void hello(HostDoor from, long incarnation) {
    Session s = sessions.get(from.id());
    if (s == null || incarnation < s.incarnation) return;
    boolean news = !s.online || incarnation > s.incarnation;
    s.door = from;
    s.incarnation = incarnation;
    s.online = true;
    s.heardAt = loop.nanoTime();
    if (news) {
      rig.world().trace(() -> loop + " has a session with " + from);
      cares.values().forEach(c -> c.care().hostOnline(from.id(), incarnation));
    }
    send(s, ToClient.newBuilder().setWelcome(Welcome.newBuilder().setRun(run)).build());
    assign(s);
  }

  private void heartbeat(HostDoor from, long incarnation, Heartbeat beat) {
    Session s = sessions.get(from.id());
    if (s == null || !s.online || incarnation != s.incarnation) return;
    s.heardAt = loop.nanoTime();
    for (VolumeStatus status : beat.getVolumesList()) heard(from.id(), incarnation, status);
    boolean renews = true;
    for (SimCare c : cares.values()) renews &= c.care().renews(from.id());
    if (renews) {
      s.leaseEnds = loop.nanoTime() + Rig.LEASE_NANOS;
      s.leaseOver = false;
      send(s, ToClient.newBuilder().setHeartbeatAck(HeartbeatAck.newBuilder().setRound(beat.getRound())).build());
    }
    if (stale(s, beat)) assign(s);
  }

  /** As after a broken connection, which is opened again: what is wanted is said anew. */
  private boolean stale(Session s, Heartbeat beat) {
    Assignments now = assignments(s.door.id());
    if (beat.getAssignments() < now.getNumber()) return true;
    for (VolumeStatus status : beat.getVolumesList()) {
      SimCare care = cares.get(status.getVolumeId());
      Order order = care == null ? null : care.care().order(s.door.id());
      if (order != null && (status.getOrderRun() != run || status.getOrderNumber() < order.getNumber())) return true;
    }
    return false;
  }

  private void heard(String host, long incarnation, VolumeStatus status) {
    SimCare care = cares.get(status.getVolumeId());
    if (care == null) return;
    VolumeStatus told = status;
    Order newest = care.orderOf(host);
    if (rig.has(Flaw.COUNTS_OLD_ANSWERS) && newest != null) {
      told = status.toBuilder().setOrderRun(newest.getRun()).setOrderNumber(newest.getNumber()).setQuiesced(true).build();
    }
    if (rig.has(Flaw.BLAMES_THE_DISK) && status.getRoute() == VolumeStatus.Route.SERVER) {
      for (String disk : disks.keySet()) {
        if (!rig.hostToDisk(host, disk).whole()) blame(care, disk);
      }
    }
    VolumeStatus heard = told;
    rig.world().trace(() -> loop + " hears of " + rig.hostName(host) + ": epoch " + heard.getEpoch() + " order " + heard.getOrderNumber()
        + (heard.getQuiesced() ? " quiesced" : "") + (heard.getDoubtfulDiskIdsCount() > 0 ? " doubtful " + heard.getDoubtfulDiskIdsList() : ""));
    care.care().heard(host, incarnation, heard);
  }

  private void blame(SimCare care, String disk) {
    care.care().disk(disk, false, "a host cannot reach it");
    care.care().disk(disk, online(disk), "");
  }

  private void assign(Session s) {
    send(s, ToClient.newBuilder().setAssignments(assignments(s.door.id())).build());
  }

  private Assignments assignments(String host) {
    Assignments.Builder all = Assignments.newBuilder().setNumber(rig.catalog().view().revision());
    for (Volume v : rig.catalog().view().volumesHeldBy(host)) {
      Attachment own = v.getAttachmentsList().stream().filter(a -> a.getHostId().equals(host)).findFirst().orElseThrow();
      if (own.getDetaching()) continue;
      Assignment.Builder one = Assignment.newBuilder().setVolume(v).setAccess(own.getAccess()).setClusterId(sluice.testkit.cluster.Ids.CLUSTER);
      for (Disk d : rig.catalog().view().disks()) one.addDisks(d);
      SimCare care = cares.get(v.getId());
      Order order = care == null ? null : care.care().order(host);
      if (order != null) one.setOrder(order);
      all.addVolumes(one);
    }
    return all.build();
  }

  void order(String hostId, Order order) {
    Session s = sessions.get(hostId);
    if (s == null || !s.online) return;
    send(s, ToClient.newBuilder().setOrders(Orders.newBuilder().setRun(run).addVolumes(order)).build());
  }

  private void send(Session s, ToClient message) {
    HostDoor door = s.door;
    rig.hostToServer(door.id()).message(Path.BACK, () -> door.received(run, message));
  }

  private void tick() {
    loop.schedule(TICK_NANOS, this::tick);
    mover.tick();
    sessions.forEach((id, s) -> {
      long left = s.leaseEnds - loop.nanoTime();
      if (s.online && loop.nanoTime() - s.heardAt > 4 * Rig.HEARTBEAT_NANOS) {
        s.online = false;
        rig.world().trace(() -> loop + " has lost " + rig.hostName(id));
        cares.values().forEach(c -> c.care().hostOffline(id));
      }
      if (left < -Rig.LEASE_MARGIN_NANOS && !s.leaseOver) {
        s.leaseOver = true;
        rig.world().trace(() -> loop + ": the lease of " + rig.hostName(id) + " is over");
        cares.values().forEach(c -> c.care().leaseOver(id));
      }
    });
  }

  // ---- the server route

  void connect(String hostId, String volumeId, long incarnation, long generation, RouteLink link, Consumer<String> answer) {
    loop.execute(() -> {
      ServedVolume v = volumes.get(volumeId);
      if (v == null) answer.accept("no such volume");
      else v.connect(hostId, incarnation, generation, link, answer);
    });
  }

  // ---- at the end

  /** Requests of the server route that have not ended. */
  boolean idle() {
    return volumes.values().stream().allMatch(v -> v.isOpen() && v.waitingRequests() == 0 && v.engine().underWay() == 0);
  }

  void stopSnapshots() {
    snapshotsOver = true;
    snapshots.values().forEach(SimSnapshots::stop);
  }

  void readSnapshots(Runnable done) {
    loop.execute(() -> {
      int[] left = {snapshots.size() + 1};
      Runnable one = () -> {
        if (--left[0] == 0) done.run();
      };
      snapshots.values().forEach(s -> s.readAll(one));
      one.run();
    });
  }

  Supplier<String> state() {
    return () -> {
      StringBuilder s = new StringBuilder(loop.toString());
      volumes.values().forEach(v -> s.append("; ").append(v));
      cares.values().forEach(c -> s.append("; waits for '").append(c.care().waitsFor()).append("' ").append(c.care().facts()));
      return s.toString();
    };
  }

  @Override
  public String toString() {
    return loop.toString();
  }
}
