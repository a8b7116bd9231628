package sluice.testkit;

import sluice.testkit.cluster.Draw;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Holes;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.Chance;
import sluice.testkit.world.World;

/** One seed: faults for a while, then everything heals, then nothing may be left to do, and every block is looked at. */
public final class Run {
  private static final long S = 1_000_000_000L;

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
    rig = new Rig(world, Draw.of(world.chance().fork()).withResizes(own.is(0.5)), flaw, holes);
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
    new Ending(rig, server, hosts).check();
  }
}
