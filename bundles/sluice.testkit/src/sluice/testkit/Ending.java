package sluice.testkit;

import java.util.HashSet;
import java.util.Set;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Rig;
import sluice.testkit.host.Workload;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.World;

/** How a run ends: within a while nothing is left to do, every leg in sync holds the same, and every block that was touched is read. */
final class Ending {
  private static final long S = 1_000_000_000L;
  /** After everything has healed: by then all is well again. */
  private static final long HEAL_NANOS = 120 * S;
  private static final long READ_NANOS = 10 * S;
  private static final long LOOK_NANOS = S / 4;

  private final World world;
  private final Rig rig;
  private final ServerSide server;
  private final Hosts hosts;

  Ending(Rig rig, ServerSide server, Hosts hosts) {
    this.rig = rig;
    this.server = server;
    this.hosts = hosts;
    world = rig.world();
  }

  /** Everything has healed, and hosts have no new requests. */
  void check() {
    long end = world.now() + HEAL_NANOS;
    String ill = "";
    while (world.broken() == null && world.now() < end) {
      world.runUntil(world.now() + LOOK_NANOS);
      ill = ill();
      if (ill.isEmpty()) break;
    }
    if (world.broken() != null) return;
    if (!ill.isEmpty()) {
      hosts.states().forEach(s -> world.trace(() -> s));
      world.trace(server::toString);
      world.broke("everything is well again " + HEAL_NANOS / S + " s after it has healed", ill);
      return;
    }
    rig.checks().equalLegs();
    if (world.broken() == null) readEverything();
  }

  /** Why not all is well; empty if it is. */
  private String ill() {
    if (!server.up()) return "there is no server";
    for (Workload w : hosts.workloads()) if (w.under() > 0) return w.under() + " requests of " + w + " have not ended";
    for (Volume v : rig.checks().volumes()) {
      if (v.getUnreconciledSlotsCount() > 0) return v.getName() + " has slots that are not reconciled";
      if (LegExtents.replacing(v.getLayout()) >= 0) return v.getName() + " is being moved";
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        LegInfo leg = v.getLayout().getLegs(i);
        if (leg.getState() != LegInfo.State.IN_SYNC && !hopeless(v, i)) return "leg " + (i + 1) + " of " + v.getName() + " is " + leg.getState();
      }
    }
    for (Task t : rig.catalog().view().tasks()) {
      boolean open = t.getState() == Task.State.RUNNING || t.getState() == Task.State.PAUSED;
      if (open && t.getKind() == Task.Kind.VERIFY && inSync(t.getVolumeId()) > 1) return "a verification of " + t.getVolumeId() + " has not ended";
    }
    return server.idle() ? "" : "requests wait at the server";
  }

  private long inSync(String volumeId) {
    return rig.checks().volume(volumeId).getLayout().getLegsList().stream().filter(l -> l.getState() == LegInfo.State.IN_SYNC).count();
  }

  /** A leg whose disk is gone, with no other disks to go to. */
  private boolean hopeless(Volume v, int leg) {
    boolean lost = false;
    for (String d : Checks.disksOf(v, leg)) lost |= rig.disk(d).gone();
    if (!lost) return false;
    Set<String> taken = new HashSet<>();
    for (int i = 0; i < v.getLayout().getLegsCount(); i++) taken.addAll(Checks.disksOf(v, i));
    // Nor is one to go to that takes no new extents, or has left the cluster.
    long free = rig.disks().entrySet().stream().filter(e -> !e.getValue().gone() && !taken.contains(e.getKey())
        && rig.catalog().view().disk(e.getKey()).filter(d -> !d.getClosed()).isPresent()).count();
    return free < v.getStripes();
  }

  private void readEverything() {
    for (Workload w : hosts.workloads()) w.readAll();
    long end = world.now() + READ_NANOS;
    world.runUntil(world.now() + LOOK_NANOS);
    while (world.broken() == null && world.now() < end && hosts.workloads().stream().anyMatch(w -> w.under() > 0)) {
      world.runUntil(world.now() + LOOK_NANOS);
    }
    if (world.broken() == null && hosts.workloads().stream().anyMatch(w -> w.under() > 0)) {
      world.broke("what is well can be read", "a read does not end");
    }
  }
}
