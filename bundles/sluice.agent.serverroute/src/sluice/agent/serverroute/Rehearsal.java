package sluice.agent.serverroute;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.route.Route;

/**
 * Reads from a route before anybody needs it, once in a program.
 *
 * <p>A way that is only ever used in trouble is at its slowest just then: neither this program nor the server has compiled the
 * code of it yet, and a request that takes 0.1 ms later takes 20. This also shows early that the way works. Reads only, few
 * at a time; takes about a second of one processor. On the route's loop.
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
  /** Enough for the last tier of compilation of what a request passes through on its way. */
  static final int READS = 12_000;
  private static final int AT_ONCE = 8;
  private static final int BYTES = 4096;

  private final Route route;
  private final long blocks;
  private int started;
  private int underWay;
  private boolean over;
  private final long began;

  Rehearsal(Route route) {
    this.route = route;
    blocks = route.traits().size() / BYTES;
    began = route.loop().nanoTime();
  }

  void start() {
    if (blocks == 0) return;
    for (int i = 0; i < AT_ONCE; i++) new Reading().next();
  }

  private final class Reading extends BlockRequest implements Runnable {
    void next() {
      if (over || started == READS || !route.health().usable()) {
        if (underWay == 0) LOG.debug("{} reads by the server route took {} ms", started, (route.loop().nanoTime() - began) / 1_000_000);
        return;
      }
      set(BlockOp.READ, 0, started++ % blocks * BYTES, BYTES);
      buffer = route.loop().buffers().take(BYTES);
      bufferIndex = IoBuffer.HEADROOM;
      underWay++;
      route.submit(this);
    }

    @Override
    public void completed(int error) {
      buffer.release();
      buffer = null;
      underWay--;
      over |= error != IoError.OK;
      // A turn of the loop later: requests of users come first, and what ends at once makes no recursion.
      route.loop().execute(this);
    }

    @Override
    public void run() {
      next();
    }
  }
}
