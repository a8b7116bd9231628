package sluice.agent.router;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import sluice.agent.fake.FakeRoute;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.api.route.RouteKind;

/**
 * One seed draws requests, faults and the moments of everything. A user that writes a block again only after the answer must
 * read back what it wrote last, whatever happened; in the end everything heals and every request must have ended well.
 */
final class RouterStorm extends RouterFixture {
  private static final int BLOCKS = 8;
  private final Random random;
  private final long seed;
  private final Io[] writing = new Io[BLOCKS];
  private final int[] fill = new int[BLOCKS];
  private final int[] acknowledged = new int[BLOCKS];
  private final List<Io> reads = new ArrayList<>();
  private final List<Integer> readsOf = new ArrayList<>();

  RouterStorm(long seed) {
    this.seed = seed;
    random = new Random(seed);
    both();
  }

  void run() {
    direct.hold = true;
    server.hold = true;
    for (int step = 0; step < 400; step++) step();
    heal();
    for (int b = 0; b < BLOCKS; b++) {
      check(acknowledged[b] == medium[b * 4096], "block " + b + " holds " + medium[b * 4096] + ", acknowledged " + acknowledged[b]);
    }
    for (Io r : reads) {
      check(r.done, "a read has not ended");
      r.release();
    }
    check(loop.buffersOut() == 0, loop.buffersOut() + " buffers are out");
    check(router.inFlight() == 0 && router.underWay() == 0 && router.inDoubt() == 0, "something is left");
  }

  private boolean orders;
  private int below;

  /** With windows that move, and recalls. */
  RouterStorm withOrders() {
    orders = true;
    return this;
  }

  /** What an order in force promises is checked at once, and as long as it lasts. */
  private void order() {
    switch (random.nextInt(4)) {
      case 0 -> {
        below = random.nextInt(3) == 0 ? 0 : Math.min(BLOCKS, below + random.nextInt(3));
        long start = below * 4096L;
        long end = below == 0 ? 0 : start + 8192;
        router.direct().window(start, end).thenRun(() -> {
          for (FakeRoute r : everyDirect()) for (BlockRequest q : r.pending) {
            check(!q.op.changesData() || q.offset >= end || q.end() <= start, "a direct change is under way in the window");
          }
        });
      }
      case 1 -> router.standStill("recall").thenRun(() -> {
        for (FakeRoute r : everyDirect()) for (BlockRequest q : r.pending) {
          check(!q.op.changesData() || router.inDoubt() > 0, "a direct change is under way while standing still");
        }
      });
      default -> router.openGate(Gate.Cause.QUIESCE);
    }
  }

  private List<FakeRoute> everyDirect() {
    List<FakeRoute> all = new ArrayList<>(old);
    all.add(direct);
    return all;
  }

  private void step() {
    if (orders && random.nextInt(6) == 0) order();
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> startWrite(random.nextInt(BLOCKS));
      case 4 -> startRead(random.nextInt(BLOCKS));
      case 5 -> end(direct, random.nextInt(3) == 0 ? IoError.ENXIO : IoError.OK);
      case 6 -> end(direct, IoError.OK);
      case 7, 8 -> end(server, random.nextInt(6) == 0 ? IoError.ENXIO : IoError.OK);
      case 9 -> loop.pass(random.nextInt(1500));
      case 10 -> {
        if (direct.probes > 0) router.probed(direct, random.nextInt(4) == 0 ? IoError.EIO : IoError.OK);
      }
      default -> {
        if (random.nextInt(8) == 0) replaceDirect();
        else if (random.nextInt(4) == 0) server.healthIs(random.nextBoolean(), "cut");
      }
    }
    loop.run();
    settle();
  }

  private final List<FakeRoute> old = new ArrayList<>();

  private void replaceDirect() {
    old.add(direct);
    router.withdraw(RouteKind.DIRECT, "updated");
    direct = route(RouteKind.DIRECT);
    direct.hold = true;
    router.offer(direct);
  }

  private void startWrite(int block) {
    if (writing[block] != null) return;
    fill[block] = (fill[block] + 1) & 0x7f;
    writing[block] = write(block * 4096L, fill[block]);
  }

  private void startRead(int block) {
    if (writing[block] != null || reads.size() > 200) return;
    reads.add(read(block * 4096L));
    readsOf.add(block);
    // A read that is under way while its block is written may see either; keep them apart, so that it must see the last.
    writing[block] = reads.get(reads.size() - 1);
  }

  private void end(FakeRoute route, int error) {
    FakeRoute of = !old.isEmpty() && random.nextInt(3) == 0 ? old.get(random.nextInt(old.size())) : route;
    if (of.pending.isEmpty()) return;
    BlockRequest r = of.pending.get(random.nextInt(of.pending.size()));
    of.end(r, r.op == BlockOp.FLUSH ? IoError.OK : error);
  }

  private void settle() {
    for (int b = 0; b < BLOCKS; b++) {
      Io io = writing[b];
      if (io == null || !io.done) continue;
      writing[b] = null;
      check(io.error == IoError.OK, io.op + " ended with " + IoError.text(io.error));
      if (io.op == BlockOp.WRITE) {
        acknowledged[b] = fill[b];
        io.release();
      } else {
        check(io.firstByte() == acknowledged[b], "read of block " + b + " gave " + io.firstByte() + ", not " + acknowledged[b]);
      }
    }
  }

  private void heal() {
    router.openGate(Gate.Cause.QUIESCE);
    server.healthIs(true, "");
    for (int i = 0; i < 200; i++) {
      for (FakeRoute route : old) route.endAll(IoError.OK);
      direct.endAll(IoError.OK);
      server.endAll(IoError.OK);
      loop.pass(200);
      settle();
    }
    for (int b = 0; b < BLOCKS; b++) check(writing[b] == null, "a request on block " + b + " never ends");
  }

  private void check(boolean good, String what) {
    if (!good) throw new AssertionError("seed " + seed + ": " + what);
  }
}
