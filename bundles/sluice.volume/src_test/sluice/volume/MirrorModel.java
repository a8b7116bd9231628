package sluice.volume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.LegRole.State;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.volume.VolumeEngine.OnLegFailure;
import sluice.volume.intent.DirtyRange;
import sluice.volume.testing.FakeDisk;
import sluice.volume.testing.Op;
import sluice.volume.testing.VirtualLoop;

/**
 * A volume of 16 blocks in 8 regions on two or three legs, its server's engine, and a care that gives up legs and fills them again,
 * all by one seed. Checks: what reads return; that legs in sync are alike where nothing is marked, at rest and after a power cut
 * of all disks; that what was flushed is there; that a leg which is stale differs only where something is marked.
 */
final class MirrorModel {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 16;
  private static final int SIZE = BLOCKS * BLOCK;
  private static final int REGION = 2 * BLOCK;

  private final Random random;
  private final VirtualLoop loop = new VirtualLoop();
  private final Map<String, FakeDisk> disks = new HashMap<>();
  private final List<String> names;
  private final State[] states;
  private final BlockHistory[] blocks = new BlockHistory[BLOCKS];
  private final TreeSet<String> failed = new TreeSet<>();
  private final VolumeEngine engine;
  private final boolean hold;
  private long clock;
  private int value;
  private long epoch = 1;
  private boolean switching;
  private FillRun fill;
  /** A change has failed, so its regions stay marked. */
  private boolean errors;
  int cuts;
  int filled;

  MirrorModel(long seed) {
    random = new Random(seed);
    for (int i = 0; i < BLOCKS; i++) blocks[i] = new BlockHistory();
    names = random.nextInt(3) == 0 ? List.of("a", "b", "c") : List.of("a", "b");
    states = new State[names.size()];
    java.util.Arrays.fill(states, State.IN_SYNC);
    for (String name : names) {
      FakeDisk disk = new FakeDisk(name, loop, SIZE + (1 << 20), SIZE + 8192, true);
      disk.atOnce = false;
      disks.put(name, disk);
    }
    hold = random.nextInt(4) != 0;
    engine = new VolumeEngine(loop, "v", layout(), disks::get, 0, 1, hold ? OnLegFailure.HOLD : OnLegFailure.FAIL,
        (leg, disk, error) -> failed.add(disk));
    engine.open();
    settle();
  }

  private VolumeLayout layout() {
    List<LegRole> roles = new ArrayList<>();
    List<List<Extent>> extents = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      roles.add(new LegRole("leg-" + names.get(i), states[i], new Extent(names.get(i), SIZE, 1 << 20)));
      extents.add(List.of(new Extent(names.get(i), 0, SIZE)));
    }
    return new VolumeLayout(epoch++, SIZE, List.of(new Segment(0, SIZE, BLOCK, extents)), roles, REGION);
  }

  void run() {
    int steps = 40 + random.nextInt(200);
    for (int i = 0; i < steps; i++) step();
    if (random.nextInt(2) == 0) powerCut();
    else rest();
  }

  private void step() {
    clock++;
    switch (random.nextInt(14)) {
      case 0, 1, 2 -> change();
      case 3 -> flush();
      case 4, 5 -> read();
      case 6 -> loop.pass(random.nextInt(3) == 0 ? 2500 : 1);
      case 7 -> fault();
      case 8 -> care();
      default -> complete();
    }
    if (random.nextInt(3) != 0) loop.run();
  }

  // ---- the load

  private void change() {
    int first = random.nextInt(BLOCKS);
    int count = 1 + random.nextInt(Math.min(4, BLOCKS - first));
    boolean zeroes = random.nextInt(6) == 0;
    int stamp = zeroes ? 0 : ++value;
    int flags = random.nextInt(5) == 0 ? BlockRequest.FUA : 0;
    Op op = new Op(loop, zeroes ? BlockOp.WRITE_ZEROES : BlockOp.WRITE, flags, (long) first * BLOCK, (long) count * BLOCK);
    if (!zeroes) for (int at = 0; at < count * BLOCK; at += 4) op.buffer.bytes().putInt(IoBuffer.HEADROOM + at, stamp);
    List<BlockHistory.Change> begun = new ArrayList<>();
    for (int b = first; b < first + count; b++) begun.add(blocks[b].begin(stamp, clock));
    op.then = () -> {
      clock++;
      errors |= !op.good();
      for (BlockHistory.Change c : begun) BlockHistory.end(c, op.result, op.fua(), clock);
      op.release();
    };
    engine.submit(op);
  }

  private void flush() {
    Op op = Op.flush(loop);
    long began = clock;
    op.then = () -> {
      clock++;
      if (op.good()) for (BlockHistory b : blocks) b.flushed(began, clock);
    };
    engine.submit(op);
  }

  private void read() {
    int first = random.nextInt(BLOCKS);
    int count = 1 + random.nextInt(Math.min(3, BLOCKS - first));
    Op op = Op.read(loop, (long) first * BLOCK, count * BLOCK);
    long began = clock;
    op.then = () -> {
      clock++;
      for (int b = 0; op.good() && b < count; b++) {
        int[] seen = new int[BLOCK / 512];
        for (int s = 0; s < seen.length; s++) {
          int shown = op.buffer.bytes().getInt(IoBuffer.HEADROOM + b * BLOCK + s * 512);
          if (!blocks[first + b].readable(shown, began, clock)) throw new AssertionError("block " + (first + b) + " read as " + shown);
        }
      }
      op.release();
    };
    engine.submit(op);
  }

  private void complete() {
    FakeDisk disk = disks.get(names.get(random.nextInt(names.size())));
    if (!disk.pending.isEmpty()) disk.complete(random.nextInt(disk.pending.size()));
  }

  // ---- faults, and who sees to them

  private void fault() {
    int i = random.nextInt(names.size());
    FakeDisk disk = disks.get(names.get(i));
    if (disk.error != 0) return;
    boolean others = false;
    for (int k = 0; k < names.size(); k++) others |= k != i && states[k] == State.IN_SYNC && disks.get(names.get(k)).error == 0;
    if (!others) return;
    if (hold && random.nextInt(3) == 0) {
      // It loses what was not stable, and says so to everything that it had.
      disk.error = IoError.ENXIO;
      List<BlockRequest> had = new ArrayList<>(disk.pending);
      disk.powerCut(random);
      disk.lost = true;
      for (BlockRequest r : had) r.completed(IoError.ENXIO);
      cuts++;
    } else if (random.nextInt(3) == 0) {
      disk.error = IoError.EIO;
    }
  }

  private void care() {
    if (switching) return;
    if (fill != null) {
      if (fill.ended || disks.values().stream().anyMatch(d -> d.lost)) fillEnded();
      else if (random.nextInt(3) == 0) engine.retryHeld();
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      FakeDisk disk = disks.get(names.get(i));
      boolean bad = disk.lost || failed.contains(names.get(i));
      if (states[i] == State.STALE) {
        if (disk.error == 0 && !engine.busyDisks().contains(names.get(i)) && random.nextBoolean()) startFill(i);
        else if (random.nextInt(3) == 0) heal(disk);
        if (switching) return;
      } else if (bad && inSync(i) > 0) {
        if (disk.lost || hold && random.nextBoolean()) {
          adopt(i, State.STALE, () -> failed.remove(disk.toString()));
          return;
        }
        heal(disk);
        failed.remove(names.get(i));
        engine.retryHeld();
      } else if (disk.error != 0 && random.nextInt(3) == 0) {
        heal(disk);
      }
    }
  }

  private static void heal(FakeDisk disk) {
    disk.error = 0;
    disk.lost = false;
  }

  private int inSync(int but) {
    int n = 0;
    for (int k = 0; k < names.size(); k++) if (k != but && states[k] == State.IN_SYNC && !disks.get(names.get(k)).lost) n++;
    return n;
  }

  private void adopt(int leg, State state, Runnable then) {
    states[leg] = state;
    switching = true;
    engine.relayout(layout()).whenComplete((done, failure) -> {
      if (failure != null) throw new AssertionError(failure);
      switching = false;
      then.run();
    });
  }

  private void startFill(int leg) {
    adopt(leg, State.FILLING, () -> {
      int from = 0;
      while (states[from] != State.IN_SYNC || disks.get(names.get(from)).error != 0) if (++from == states.length) return;
      fill = new FillRun(engine, engine.leg(from), engine.leg(leg), leg, SIZE, hold ? REGION * 2 : SIZE);
      fill.start();
    });
    if (fill == null && !switching && states[leg] == State.FILLING) adopt(leg, State.STALE, () -> {});
  }

  private void fillEnded() {
    FillRun done = fill;
    fill = null;
    done.stop();
    String name = names.get(done.leg);
    boolean good = done.good && !failed.contains(name) && !disks.get(name).lost && disks.get(name).error == 0;
    adopt(done.leg, good ? State.IN_SYNC : State.STALE, () -> {
      engine.window(0, 0);
      failed.remove(name);
      if (good) filled++;
    });
  }

  // ---- checks

  private void settle() {
    for (int i = 0; i < 10_000; i++) {
      loop.run();
      boolean any = false;
      for (FakeDisk d : disks.values()) {
        any |= !d.pending.isEmpty();
        d.completeAll();
      }
      loop.run();
      if (!any) return;
    }
    throw new AssertionError("never at rest");
  }

  /** Everything heals; then nothing is left undone, and the legs are alike. */
  private void rest() {
    for (int i = 0; i < 60; i++) {
      settle();
      for (FakeDisk d : disks.values()) if (!d.lost) d.error = 0;
      care();
      if (!switching) engine.retryHeld();
    }
    settle();
    if (engine.underWay() != 0 || !engine.busyDisks().isEmpty()) throw new AssertionError("something is left");
    if (loop.buffersOut() != 0) throw new AssertionError(loop.buffersOut() + " buffers are left; " + situation());
    compare(dirty(engine));
    for (int i = 0; i < 8; i++) {
      loop.pass(4_000);
      settle();
    }
    List<DirtyRange> left = dirty(engine);
    compare(left);
    boolean all = java.util.Arrays.stream(states).allMatch(s -> s == State.IN_SYNC);
    if (all && !errors && !left.isEmpty()) throw new AssertionError("still marked: " + left + "; " + situation());
  }

  private String situation() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      FakeDisk d = disks.get(names.get(i));
      text.append(names.get(i)).append(' ').append(states[i]).append(" error ").append(d.error).append(d.lost ? " lost; " : "; ");
    }
    text.append(engine.underWay()).append(" under way, hold ").append(hold).append(", ");
    return text + "failed " + failed + (switching ? ", switching" : "") + (fill == null ? "" : ", filling " + names.get(fill.leg));
  }

  private List<DirtyRange> dirty(VolumeEngine of) {
    List<List<DirtyRange>> answer = new ArrayList<>();
    of.intents().dirty(List.of(0)).whenComplete((ranges, failure) -> answer.add(ranges));
    settle();
    if (answer.size() != 1 || answer.get(0) == null) throw new AssertionError("slot cannot be read");
    return answer.get(0);
  }

  /** All disks lose their power at once; the server starts anew and looks at what there is. */
  private void powerCut() {
    cuts++;
    for (FakeDisk d : List.copyOf(disks.values())) {
      if (!d.lost) d.error = 0;
      d.powerCut(random);
      // What the server that is gone still does, it does to disks that nobody looks at.
      FakeDisk again = new FakeDisk(d.toString(), loop, SIZE + (1 << 20), SIZE + 8192, true);
      System.arraycopy(d.bytes, 0, again.bytes, 0, d.bytes.length);
      again.atOnce = false;
      again.lost = d.lost;
      again.error = d.error;
      disks.put(d.toString(), again);
    }
    for (int b = 0; b < BLOCKS; b++) {
      for (int i = 0; i < names.size(); i++) {
        if (states[i] != State.IN_SYNC || disks.get(names.get(i)).lost) continue;
        for (int s = 0; s < BLOCK; s += 512) {
          int shown = shown(i, b * BLOCK + s);
          if (!blocks[b].survivable(shown)) throw new AssertionError("block " + b + " of " + names.get(i) + " shows " + shown + " after a power cut");
        }
      }
    }
    VolumeEngine after = new VolumeEngine(loop, "v", layout(), disks::get, 1, 2, OnLegFailure.HOLD, (leg, disk, error) -> {});
    compare(dirty(after));
  }

  private void compare(List<DirtyRange> marked) {
    int reference = 0;
    while (states[reference] != State.IN_SYNC || disks.get(names.get(reference)).lost) if (++reference == states.length) return;
    for (int at = 0; at < SIZE; at += 512) {
      long here = at;
      if (marked.stream().anyMatch(r -> r.start() <= here && here < r.end())) continue;
      for (int i = 0; i < names.size(); i++) {
        if (shown(i, at) != shown(reference, at)) {
          throw new AssertionError(states[i] + " leg " + names.get(i) + " differs at " + at + ": " + shown(i, at) + " and "
              + shown(reference, at) + " on " + names.get(reference) + "; marked " + marked);
        }
      }
    }
  }

  private int shown(int leg, int at) {
    byte[] d = disks.get(names.get(leg)).bytes;
    return (d[at] & 255) << 24 | (d[at + 1] & 255) << 16 | (d[at + 2] & 255) << 8 | d[at + 3] & 255;
  }
}
