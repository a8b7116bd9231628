package sluice.testkit.host;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.agent.direct.DirectRouteProvider;
import sluice.agent.router.RouterListener;
import sluice.agent.router.RouterTimes;
import sluice.agent.serverroute.SimulatedServerRoutes;
import sluice.agent.volume.SimulatedVolume;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.layout.Extent;
import sluice.api.layout.VolumeLayout;
import sluice.api.route.VolumeAccess;
import sluice.core.redirect.RedirectPolicy;
import sluice.core.redirect.RedirectTimes;
import sluice.protocol.v1.Assignment;
import sluice.protocol.v1.Order;
import sluice.protocol.v1.VolumeStatus;
import sluice.testkit.check.History;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.Platter;
import sluice.testkit.net.Path;
import sluice.testkit.net.RouteLink;

/** A volume that a host holds: the agent's parts on virtual lines, and a workload that uses it. */
final class HeldVolume {
  private static final long CONNECT_NANOS = 3_000_000_000L;
  private static final long MS = 1_000_000;
  /** As in production, but that nothing is failed for want of a way: the run outlasts every fault. */
  static final RouterTimes TIMES = new RouterTimes(600 * MS, 2_500 * MS, 4, 3_600_000 * MS, 100 * MS, 1_000 * MS);
  static final RedirectTimes REDIRECT =
      new RedirectTimes(100 * MS, 2_000 * MS, 1_000 * MS, 3, 300 * MS, 5_000 * MS, 5_000 * MS, 50 * MS, 500 * MS);

  private final SimHost host;
  private final Rig rig;
  private final String volumeId;
  private final boolean shared;
  private final SimulatedVolume volume;
  private final HostDisks disks;
  private final Workload workload;
  private final List<RouteLink> links = new ArrayList<>();
  private int slot;
  private boolean letIn;
  /** By which the direct route goes. */
  private VolumeLayout under;
  private final Map<BlockRequest, List<Checks.Direct>> changing = new IdentityHashMap<>();
  private long generation;

  HeldVolume(SimHost host, Assignment a) {
    this.host = host;
    rig = host.rig();
    volumeId = a.getVolume().getId();
    shared = a.getVolume().getShared();
    VolumeAccess access = SimulatedVolume.access(a, host.id(), host.incarnation(), null);
    slot = access.slot();
    volume = new SimulatedVolume(host.id(), host.loop(), access, TIMES, REDIRECT, new Listener(), host::changed);
    disks = new HostDisks(rig, host.id(), host.loop(), new Watch());
    DirectRouteProvider direct = new DirectRouteProvider();
    direct.addOpener(disks);
    volume.use(new WatchedDirect(direct, rig, now -> under = now.layout()));
    volume.use(new SimulatedServerRoutes(this::connect));
    int number = Integer.parseInt(volumeId.substring(24)) - 300;
    List<Integer> holders = rig.draw().volumes().get(number).hosts();
    int part = holders.indexOf(Integer.parseInt(host.id().substring(24)) - 200);
    workload = new Workload(rig, number, volumeId, host.loop().toString(), volume.device(), host.loop(), part, holders.size());
  }

  private final class Watch implements HostDisks.Watch {
    @Override
    public void submitted(String disk, BlockRequest r) {
      // Labels are looked at under any epoch, and so is the host's own slot of write intents, which shows nobody's data.
      if (r.op == BlockOp.FLUSH || !rig.isData(r.offset, r.length) || r.op == BlockOp.READ && isIntent(disk, r)) return;
      rig.checks().direct(host.id(), volumeId, under.epoch(), r.op + " at page " + r.offset / Platter.PAGE + " of " + rig.disk(disk));
      if (r.op.changesData() && !isIntent(disk, r)) {
        changing.put(r, rig.checks().changing(host.id(), volumeId, under, disk, r.offset, r.length));
      }
    }

    @Override
    public void settled(BlockRequest r) {
      List<Checks.Direct> seen = changing.remove(r);
      if (seen != null) rig.checks().changed(volumeId, seen);
    }

    @Override
    public boolean isIntent(String disk, BlockRequest r) {
      return volume.access().layout().legs().stream().anyMatch(l -> isIn(l.intents(), disk, r));
    }
  }

  private static boolean isIn(Extent e, String disk, BlockRequest r) {
    return e != null && e.disk().equals(disk) && r.offset >= e.offset() && r.end() <= e.end();
  }

  private final class Listener implements RouterListener {
    @Override
    public void completed(BlockOp op, long bytes, long nanos, int error) {}

    @Override
    public void redirected(String cause) {
      rig.world().trace(() -> host + " redirects: " + cause);
    }

    @Override
    public void stateChanged(RedirectPolicy.State state, String reason) {
      rig.world().trace(() -> host + " is " + state + " " + reason);
      host.changed();
    }

    @Override
    public void stillnessChanged() {
      host.changed();
    }
  }

  // ---- the server route

  private CompletionStage<RouteLink> connect(VolumeAccess access) {
    CompletableFuture<RouteLink> opened = new CompletableFuture<>();
    Path path = rig.hostToServer(host.id());
    RouteLink link = new RouteLink(rig.world(), path, host.loop());
    long mine = ++generation;
    host.loop().schedule(CONNECT_NANOS, () -> fail(opened, link, "no answer"));
    rig.world().after(path.delay(), () -> {
      if (path.isCut(Path.THERE)) return;
      if (!host.server().up()) {
        back(path, () -> fail(opened, link, "connection refused"));
        return;
      }
      host.server().connect(host.id(), volumeId, host.incarnation(), mine, link, refusal -> back(path, () -> {
        if (!refusal.isEmpty()) fail(opened, link, refusal);
        else if (!opened.isDone()) {
          links.removeIf(RouteLink::isOver);
          links.add(link);
          opened.complete(link);
        }
      }));
    });
    return opened;
  }

  private void back(Path path, Runnable answer) {
    rig.world().after(path.delay(), () -> {
      if (!path.isCut(Path.BACK)) host.loop().execute(answer);
    });
  }

  private static void fail(CompletableFuture<RouteLink> opened, RouteLink link, String why) {
    if (opened.isDone()) return;
    opened.completeExceptionally(new java.io.IOException(why));
    link.close();
  }

  // ---- what the host hands on

  boolean shared() {
    return shared;
  }

  void update(Assignment a) {
    VolumeAccess next = SimulatedVolume.access(a, host.id(), host.incarnation(), volume.access());
    slot = next.slot();
    volume.update(next);
  }

  void run(long run) {
    volume.run(run);
  }

  void order(Order order) {
    volume.order(order);
  }

  void leasedUntil(long nanos) {
    volume.router().leasedUntil(nanos);
  }

  VolumeStatus status() {
    Order inForce = volume.inForce();
    if (!letIn && inForce.getNumber() > 0 && !inForce.getWithheld()) {
      letIn = true;
      rig.checks().reconciled(volumeId, slot);
    }
    VolumeStatus now = volume.status().toBuilder().setAgreedSizeBytes(workload.needed()).build();
    return host.flawed(now);
  }

  Workload workload() {
    return workload;
  }

  /** Whether a line to the disk was good for it, and is or has been lost. */
  boolean witnesses(String diskId) {
    return volume.router().direct().lines().stream().anyMatch(l -> l.diskId().equals(diskId) && (l.proved() || l.broken()));
  }

  boolean away(String diskId) {
    return volume.router().direct().lines().stream().anyMatch(l -> l.diskId().equals(diskId) && l.broken());
  }

  // ---- what happens to it

  void crashed() {
    disks.abandon();
    List<History.Writing> writes = workload.unfinished();
    List<RouteLink> all = List.copyOf(links);
    rig.world().after(sluice.testkit.disk.DiskLine.GHOST_NANOS, () -> {
      // By now nothing of it is on its way to a disk; what the server still has of it is the server's to keep apart.
      writes.forEach(History.Writing::ended);
      if (slot < 0) writes.forEach(History.Writing::settled);
      else rig.checks().settleWith(volumeId, slot, writes, () -> all.stream().allMatch(RouteLink::served));
    });
  }

  void resetLines() {
    disks.reset();
  }

  void breakRoutes() {
    links.forEach(RouteLink::broken);
  }

  @Override
  public String toString() {
    return volumeId.substring(24) + " epoch " + volume.epoch() + " order " + volume.inForce().getNumber() + " " + volume.router().state() + " "
        + volume.router().reason() + ", " + workload.under() + " requests under way";
  }
}
