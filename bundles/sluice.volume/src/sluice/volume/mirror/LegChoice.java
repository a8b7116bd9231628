package sluice.volume.mirror;

import java.util.List;
import java.util.concurrent.TimeUnit;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/** Which leg a read goes to. One owner: the engine's loop. */
final class LegChoice {
  /** How long reads keep away from a leg that failed one, if there is another. */
  private static final long AVOID = TimeUnit.SECONDS.toNanos(1);
  /** How long they do after a disk of the leg was away, on a host: by then the server has found out what that was. */
  private static final long DOUBT = TimeUnit.SECONDS.toNanos(30);

  private final IoLoop loop;
  private int turn;

  LegChoice(IoLoop loop) {
    this.loop = loop;
  }

  /**
   * The leg in sync that is not avoided, has the shortest queue, and last read up to here; by turns where that is all the same.
   *
   * @param io legs that it has tried are left out; null for none
   * @return null if there is none left
   */
  MirrorLeg choose(List<MirrorLeg> legs, MirrorIo io) {
    MirrorLeg best = null;
    turn++;
    for (int i = 0; i < legs.size(); i++) {
      MirrorLeg leg = legs.get(Math.floorMod(turn + i, legs.size()));
      if (!leg.inSync() || io != null && io.tried(leg)) continue;
      if (best == null || better(leg, best, io)) best = leg;
    }
    return best;
  }

  private boolean better(MirrorLeg leg, MirrorLeg best, MirrorIo io) {
    boolean avoid = avoided(leg);
    if (avoid != avoided(best)) return !avoid;
    if (leg.queue != best.queue) return leg.queue < best.queue;
    return io != null && leg.readTo == io.parent.offset && best.readTo != io.parent.offset;
  }

  private boolean avoided(MirrorLeg leg) {
    if (leg.lost != IoError.OK) return true;
    if (leg.avoidUntil == 0 && leg.doubtUntil == 0) return false;
    long now = loop.nanoTime();
    return leg.avoidUntil != 0 && now - leg.avoidUntil < 0 || leg.doubtUntil != 0 && now - leg.doubtUntil < 0;
  }

  /** It failed a read. */
  void avoid(MirrorLeg leg) {
    leg.avoidUntil = (loop.nanoTime() + AVOID) | 1;
  }

  /** It is not held against it any more that a disk was away, but it is not read for a while either. */
  void told(MirrorLeg leg) {
    if (leg.lost == IoError.OK) return;
    leg.lost = IoError.OK;
    leg.doubtUntil = (loop.nanoTime() + DOUBT) | 1;
  }
}
