package sluice.testkit.server;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.core.care.CareEffects;
import sluice.io.device.RangeLock;
import sluice.testkit.cluster.Checks;
import sluice.testkit.cluster.Flaw;
import sluice.testkit.cluster.Rig;
import sluice.testkit.world.SimLoop;
import sluice.volume.VolumeEngine;

/** Copies ranges from one leg to others, chunk after chunk, each alone in its range of the volume. */
final class Copy implements CareEffects.Copying {
  private static final int CHUNK = 256 << 10;

  private final Rig rig;
  private final SimLoop loop;
  private final String volumeId;
  private final VolumeEngine engine;
  private final ArrayDeque<CareEffects.DirtyRange> ranges;
  private final String fromId;
  private final Set<String> legs = new HashSet<>();
  private final BlockDevice from;
  private final Map<String, BlockDevice> to = new HashMap<>();
  private final Consumer<Long> copied;
  private final CareEffects.CopyDone done;
  private boolean stopped;
  private boolean waiting;
  private long at = -1;
  private Checks.Copying seen;

  private final RangeLock.Range range = new RangeLock.Range() {
    @Override
    protected void granted() {
      waiting = false;
      read();
    }
  };

  Copy(Rig rig, SimLoop loop, String volumeId, VolumeEngine engine, List<CareEffects.DirtyRange> ranges, String from, List<String> to,
      Consumer<Long> copied, CareEffects.CopyDone done) {
    this.rig = rig;
    this.loop = loop;
    this.volumeId = volumeId;
    this.engine = engine;
    this.ranges = new ArrayDeque<>(ranges);
    this.copied = copied;
    this.done = done;
    fromId = from;
    legs.add(from);
    legs.addAll(to);
    this.from = leg(engine, from);
    for (String id : to) this.to.put(id, leg(engine, id));
  }

  static BlockDevice leg(VolumeEngine engine, String id) {
    for (int i = 0; i < engine.layout().legs().size(); i++) if (engine.layout().legs().get(i).id().equals(id)) return engine.leg(i);
    return null;
  }

  void start() {
    loop.execute(this::next);
  }

  private void next() {
    CareEffects.DirtyRange r = ranges.peek();
    if (stopped || r == null) {
      done.done("", "");
      return;
    }
    if (from == null || to.containsValue(null)) {
      done.done("", "the layout has changed");
      return;
    }
    if (at < r.start()) at = r.start();
    if (rig.has(Flaw.COPIES_WITHOUT_LOCK) || engine.lock().acquire(range, at, end(), true)) read();
    else waiting = true;
  }

  private long end() {
    return Math.min(ranges.peek().end(), at + CHUNK);
  }

  private void read() {
    seen = rig.checks().copying(volumeId, at, end(), legs);
    int length = (int) (end() - at);
    IoBuffer buffer = loop.buffers().take(length);
    submit(from, BlockOp.READ, buffer, length, error -> {
      if (error != IoError.OK) {
        buffer.release();
        over(fromId, IoError.text(error));
      } else {
        write(buffer, length);
      }
    });
  }

  private void write(IoBuffer buffer, int length) {
    int[] left = {to.size()};
    String[] failed = {"", ""};
    to.forEach((id, device) -> submit(device, BlockOp.WRITE, buffer, length, error -> {
      if (error != IoError.OK) {
        failed[0] = id;
        failed[1] = IoError.text(error);
      }
      if (--left[0] > 0) return;
      buffer.release();
      if (!failed[0].isEmpty()) over(failed[0], failed[1]);
      else written(length);
    }));
  }

  private void submit(BlockDevice device, BlockOp op, IoBuffer buffer, int length, Consumer<Integer> ended) {
    BlockRequest r = new BlockRequest() {
      @Override
      public void completed(int error) {
        ended.accept(error);
      }
    };
    r.set(op, 0, at, length);
    r.buffer = buffer;
    r.bufferIndex = IoBuffer.HEADROOM;
    device.submit(r);
  }

  private void unlock() {
    rig.checks().copied(volumeId, seen);
    if (!rig.has(Flaw.COPIES_WITHOUT_LOCK)) engine.lock().release(range);
  }

  private void written(int length) {
    unlock();
    at += length;
    if (at >= ranges.peek().end()) ranges.poll();
    copied.accept((long) length);
    loop.schedule(rig.draw().copyPauseNanos(), this::next);
  }

  private void over(String leg, String problem) {
    unlock();
    rig.checks().failed(volumeId, leg);
    done.done(leg, problem);
  }

  @Override
  public void rate(long bytesPerSecond) {}

  @Override
  public void stop() {
    stopped = true;
    if (!waiting) return;
    // What it waits for may be held until the copy has ended.
    waiting = false;
    engine.lock().release(range);
    loop.execute(() -> done.done("", ""));
  }
}
