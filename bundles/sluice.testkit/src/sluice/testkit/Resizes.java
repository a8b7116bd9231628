package sluice.testkit;

import sluice.testkit.cluster.Draw;
import sluice.testkit.cluster.Ids;
import sluice.testkit.cluster.Rig;
import sluice.testkit.server.ServerSide;
import sluice.testkit.world.Chance;

/**
 * An administrator who makes volumes larger and smaller through the whole safety phase, in every second run. Never smaller than
 * they were at the beginning: that is what hosts agree to. What of the space in between one volume gives up the other may get.
 */
final class Resizes {
  private static final long MS = 1_000_000;
  private static final long MIB = 1 << 20;

  private final Rig rig;
  private final ServerSide server;
  private final Chance chance;
  private boolean over;

  /** @param chance of its own, so that the faults of a seed are what they are without it */
  Resizes(Rig rig, ServerSide server, Chance chance) {
    this.rig = rig;
    this.server = server;
    this.chance = chance;
  }

  void start() {
    if (rig.draw().resizes()) later();
  }

  private void later() {
    rig.world().after(chance.between(50, 2_000) * MS, () -> {
      if (over) return;
      int v = chance.below(rig.draw().volumes().size());
      Draw.Vol vol = rig.draw().volumes().get(v);
      long size = vol.bytes() + chance.below((int) (vol.bytes() / MIB) + 1) * MIB;
      server.resize(Ids.volume(v), "v" + v, size);
      later();
    });
  }

  void stop() {
    over = true;
  }
}
