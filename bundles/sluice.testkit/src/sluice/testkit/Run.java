package sluice.testkit;

import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Draw;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Holes;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.host.Workload;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.Chance;
import sluice.testkit.world.World;

/** One seed: faults for a while, then everything heals, then nothing may be left to do, and every block is looked at. */
public final class Run {
  private static final long S = 1_000_000_000L;
  /** After everything has healed: by then all is well again. */
  static final long HEAL_NANOS = 120 * S;
  private static final long LOOK_NANOS = S / 4;

  /**
   * How a run ended.
   *
   * @param broken the rule that did not hold, and where; null: all did
   * @param shape of the run, for people
   * @param digest of everything that happened: equal for equal seeds
   */
  public record Outcome(long seed, String broken, Throwable cause, String shape, long digest, long events, long reads, long writes,
      Iterable<String> trace) {}

  private final long seed;
  private final World world;
  private final Rig rig;
  private final ServerSide server;
  private final Hosts hosts;
  private final Faults faults;
  private final Resizes resizes;

  private Run(long seed, Flaw flaw, Holes holes, boolean tracing) {
    this.seed = seed;
    world = new World(seed, tracing);
    Chance own = new Chance(~seed);
    Draw draw = Draw.of(world.chance().fork()).withResizes(own.is(0.5));
    // A quarter of the seeds has snapshots; the others stay what they were.
    boolean snapshots = flaw.ofSnapshots() || flaw == Flaw.NONE && seed % 4 == 0;
    rig = new Rig(world, snapshots ? draw.withRoom() : draw, flaw, holes, snapshots);
    server = new ServerSide(rig);
    hosts = new Hosts(rig, server);
    faults = new Faults(rig, hosts, server);
    resizes = new Resizes(rig, server, own);
  }

  public static Outcome of(long seed, Flaw flaw, Holes holes, boolean tracing) {
    Run run = new Run(seed, flaw, holes, tracing);
    run.go();
    return run.outcome();
  }

  private Outcome outcome() {
    long reads = 0;
    long writes = 0;
    for (int v = 0; v < rig.draw().volumes().size(); v++) {
      reads += rig.history(Ids.volume(v)).reads();
      writes += rig.history(Ids.volume(v)).writes();
    }
    return new Outcome(seed, world.broken(), world.cause(), rig.draw().toString(), world.digest(), world.events(), reads, writes, world.lines());
  }

  private void go() {
    server.start();
    hosts.start();
    world.runUntil(world.now() + 2 * S);
    faults.start();
    resizes.start();
    world.runUntil(world.now() + rig.draw().safetyNanos());
    resizes.stop();
    faults.heal();
    world.runUntil(world.now() + 2 * S);
    hosts.stopWork();
    server.stopSnapshots();
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
    if (world.broken() == null) lookAtEverything();
  }

  /** Why not all is well; empty if it is. */
  private String ill() {
    if (!server.up()) return "there is no server";
    for (Workload w : hosts.workloads()) if (w.under() > 0) return w.under() + " requests of " + w + " have not ended";
    for (Volume v : rig.checks().volumes()) {
      if (v.getUnreconciledSlotsCount() > 0) return v.getName() + " has slots that are not reconciled";
      if (sluice.protocol.LegExtents.replacing(v.getLayout()) >= 0) return v.getName() + " is being moved";
      for (int i = 0; i < v.getLayout().getLegsCount(); i++) {
        LegInfo leg = v.getLayout().getLegs(i);
        if (leg.getState() != LegInfo.State.IN_SYNC && !hopeless(v, i)) return "leg " + (i + 1) + " of " + v.getName() + " is " + leg.getState();
      }
    }
    return server.idle() ? "" : "requests wait at the server";
  }

  /** A leg whose disk is gone, with no other disks to go to. */
  private boolean hopeless(Volume v, int leg) {
    boolean lost = false;
    for (String d : sluice.testkit.cluster.Checks.disksOf(v, leg)) lost |= rig.disk(d).gone();
    if (!lost) return false;
    java.util.Set<String> taken = new java.util.HashSet<>();
    for (int i = 0; i < v.getLayout().getLegsCount(); i++) taken.addAll(sluice.testkit.cluster.Checks.disksOf(v, i));
    // Nor is one to go to that takes no new extents, or has left the cluster.
    long free = rig.disks().entrySet().stream().filter(e -> !e.getValue().gone() && !taken.contains(e.getKey())
        && rig.catalog().view().disk(e.getKey()).filter(d -> !d.getClosed()).isPresent()).count();
    return free < v.getStripes();
  }

  private void lookAtEverything() {
    for (Workload w : hosts.workloads()) w.readAll();
    boolean[] seen = {false};
    server.readSnapshots(() -> seen[0] = true);
    long end = world.now() + 10 * S;
    world.runUntil(world.now() + LOOK_NANOS);
    while (world.broken() == null && world.now() < end && (!seen[0] || hosts.workloads().stream().anyMatch(w -> w.under() > 0))) {
      world.runUntil(world.now() + LOOK_NANOS);
    }
    if (world.broken() == null && (!seen[0] || hosts.workloads().stream().anyMatch(w -> w.under() > 0))) {
      world.broke("what is well can be read", "a read does not end");
    }
  }
}
