package sluice.testkit;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.EvacuateDisk;
import sluice.protocol.v1.RelayoutVolume;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.Volume;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Draw;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Holes;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.net.Path;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.World;

/**
 * One change of a volume that hosts read and write all the while, in a cluster where nothing else goes wrong, but that somebody is killed, or
 * something fails, at the Nth step of it. A step is anything that the server does for the change: each command to the catalog, before and after it is durable, each
 * order to a host, each hold, window, copy and flush. What the server has written down goes on by itself; what it was only asked for is
 * asked again, as an administrator does who got no answer. All that the simulator checks is checked here too.
 */
public final class KilledChange {
  private static final long MS = 1_000_000;
  private static final long S = 1_000 * MS;
  private static final long MIB = 1 << 20;
  private static final long SIZE = 3 * MIB;
  /** Far more than it takes with the longest of all waits in between. */
  private static final long BOUND_NANOS = 60 * S;
  private static final long ASK_AGAIN_NANOS = 4 * S;
  private static final long DEAD_NANOS = 300 * MS;
  /** Past the lease and the margin, and far past what it takes then to change the volume. */
  private static final long STRANDED_NANOS = 9 * S;
  /** Of the copy that others are made from. */
  private static final String LOST_DISK = Ids.disk(0);
  /** By then hosts have cleared their write intents, so that what is lost is not brought back for another reason. */
  private static final long COLD_NANOS = 15 * S;

  /** What is changed. */
  public enum What {
    GROW,
    ADD_LEG,
    EVACUATE,
    RELAYOUT
  }

  /** Who is killed, or what else happens at the step. */
  public enum Who {
    NOBODY,
    SERVER,
    HOST,
    /** Nobody uses the volume, and the disk that gets the new copy loses its power for a moment, and with it what was not flushed. */
    DISK,
    /** The server dies, and while it is away a disk of a copy loses its power: only the host remembers. */
    SERVER_AND_DISK,
    /** The same, but the host has never reached that disk: nobody remembers, so nothing may have been left in its cache. */
    SERVER_AND_DISK_THAT_NO_HOST_HAS,
    /** The second host of a shared volume is cut off from the server, and what it sends to a disk arrives long after its lease has ended. */
    STRANDED_HOST
  }

  /** @param steps that the change took; @param broken the rule that did not hold, and where; null: all did */
  public record Outcome(int steps, String broken, Throwable cause, Iterable<String> trace) {}

  private final What what;
  private final Who who;
  private final int fatal;
  private final World world;
  private final Rig rig;
  private final ServerSide server;
  private final Hosts hosts;
  private final String volume = Ids.volume(0);
  private final Set<String> before = new TreeSet<>();
  private boolean counting;
  private int steps;
  private long askAt;

  private KilledChange(What what, boolean shared, Who who, int fatal, Flaw flaw, boolean tracing) {
    this.what = what;
    this.who = who;
    this.fatal = fatal;
    world = new World(what.ordinal() + 1, tracing);
    Draw.Vol vol = new Draw.Vol(2, 1, SIZE, shared ? List.of(0, 1) : List.of(0), shared);
    rig = new Rig(world, new Draw(2, List.of(48 * MIB, 48 * MIB, 48 * MIB, 48 * MIB), List.of(vol), 2, 20 * MS, 0, 1, 0, false), flaw, Holes.LEFT_OUT);
    server = new ServerSide(rig);
    hosts = new Hosts(rig, server);
    rig.onStep(this::step);
  }

  /** @param step at which somebody is killed, from 1 on */
  public static Outcome of(What what, boolean shared, Who who, int step, Flaw flaw, boolean tracing) {
    KilledChange run = new KilledChange(what, shared, who, step, flaw, tracing);
    run.go();
    return new Outcome(run.steps, run.world.broken(), run.world.cause(), run.world.lines());
  }

  private void step() {
    if (!counting || ++steps != fatal) return;
    // At the same instant, when whatever takes the step has taken it.
    world.after(0, this::strike);
  }

  private void strike() {
    switch (who) {
      case SERVER -> serverDies();
      case HOST -> hosts.crash(0, DEAD_NANOS);
      case DISK -> {
        rig.checks().lost(newDisk(), (v, d) -> Set.of(server.name()));
        blink(newDisk());
      }
      case SERVER_AND_DISK -> {
        serverDies();
        world.after(DEAD_NANOS / 3, () -> {
          rig.checks().lost(LOST_DISK, (v, d) -> Set.of(hosts.name(0)));
          blink(LOST_DISK);
        });
      }
      case SERVER_AND_DISK_THAT_NO_HOST_HAS -> {
        serverDies();
        world.after(DEAD_NANOS / 3, () -> blink(LOST_DISK));
      }
      case STRANDED_HOST -> {
        for (Path p : List.of(rig.hostToServer(Ids.host(1)), rig.hostToDisk(Ids.host(1), LOST_DISK))) {
          p.cut(Path.THERE);
          if (p == rig.hostToServer(Ids.host(1))) p.cut(Path.BACK);
          world.after(STRANDED_NANOS, p::heal);
        }
      }
      default -> throw new IllegalStateException(who.toString());
    }
  }

  private void serverDies() {
    server.crash();
    world.after(DEAD_NANOS, server::start);
  }

  private void blink(String disk) {
    rig.disk(disk).cutPower(false);
    world.after(DEAD_NANOS / 3, rig.disk(disk)::restorePower);
  }

  /** The first of those that the volume has now and had not before. */
  private String newDisk() {
    if (who == Who.DISK) {
      hosts.stopWork();
      world.runUntil(world.now() + COLD_NANOS);
    }
    Volume v = rig.checks().volume(volume);
    for (int l = 0; l < v.getLayout().getLegsCount(); l++) {
      for (String d : Checks.disksOf(v, l)) if (!before.contains(d)) return d;
    }
    return Ids.disk(3);
  }

  private void go() {
    if (who == Who.SERVER_AND_DISK_THAT_NO_HOST_HAS) for (int h = 0; h < 2; h++) rig.hostToDisk(Ids.host(h), LOST_DISK).cut(Path.THERE);
    server.start();
    hosts.start();
    world.runUntil(world.now() + 2 * S);
    if (who == Who.DISK) {
      hosts.stopWork();
      world.runUntil(world.now() + COLD_NANOS);
    }
    Volume v = rig.checks().volume(volume);
    for (int l = 0; l < v.getLayout().getLegsCount(); l++) before.addAll(Checks.disksOf(v, l));
    counting = true;
    long end = world.now() + BOUND_NANOS;
    while (world.broken() == null && !done()) {
      if (world.now() >= end) world.broke("a change ends, whoever is killed", what + " has not ended: " + rig.checks().volume(volume));
      if (server.up() && !begun() && world.now() >= askAt) ask();
      world.runUntil(world.now() + 20 * MS);
    }
    counting = false;
    rig.paths().forEach(Path::heal);
    // Who was killed at the last step comes back and goes on.
    world.runUntil(world.now() + 2 * S);
    hosts.stopWork();
    if (world.broken() == null) new Ending(rig, server, hosts).check();
    if (world.broken() == null && !done()) world.broke("what was done stays done", what + ": " + rig.checks().volume(volume));
  }

  private void ask() {
    askAt = world.now() + ASK_AGAIN_NANOS;
    String id = Ids.made(rig.nextStamp());
    switch (what) {
      case GROW -> server.resize(volume, "v0", SIZE + 2 * MIB);
      case ADD_LEG -> server.addLeg(volume);
      case EVACUATE -> server.ask(avoid -> Change.newBuilder()
          .setEvacuateDisk(EvacuateDisk.newBuilder().setDiskId(Ids.disk(0)).setTaskId(id).addAllAvoid(avoid)).build());
      case RELAYOUT -> server.ask(avoid -> Change.newBuilder()
          .setRelayoutVolume(RelayoutVolume.newBuilder().setVolumeId(volume).setStripes(2).setTaskId(id).addAllAvoid(avoid)).build());
      default -> throw new IllegalStateException(what.toString());
    }
  }

  /** Whether it is written down, so that it need not be asked for again. */
  private boolean begun() {
    Volume v = rig.checks().volume(volume);
    return switch (what) {
      case GROW -> v.getSizeBytes() > SIZE;
      case ADD_LEG -> v.getLayout().getLegsCount() > 2;
      default -> rig.catalog().view().tasks().stream().anyMatch(Task::hasMove);
    };
  }

  private boolean done() {
    Volume v = rig.checks().volume(volume);
    boolean whole = LegExtents.good(v) == v.getLayout().getLegsCount();
    boolean ended = rig.catalog().view().tasks().stream().anyMatch(t -> t.hasMove() && t.getState() == Task.State.DONE);
    return whole && switch (what) {
      case GROW -> v.getSizeBytes() == SIZE + 2 * MIB;
      case ADD_LEG -> v.getLayout().getLegsCount() == 3;
      case EVACUATE -> ended && !Checks.disksOf(v, 0).contains(Ids.disk(0)) && !Checks.disksOf(v, 1).contains(Ids.disk(0));
      case RELAYOUT -> ended && v.getStripes() == 2;
    };
  }
}
