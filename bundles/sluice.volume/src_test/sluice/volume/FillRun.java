package sluice.volume;

import java.util.ArrayDeque;
import java.util.List;
import sluice.api.block.BlockDevice;
import sluice.io.device.DeviceIo;
import sluice.io.device.RangeLock;
import sluice.volume.intent.DirtyRange;

/** Brings a leg up to date as the server does: window after window, what is marked, chunk by chunk under the lock. */
final class FillRun {
  final int leg;
  boolean ended;
  boolean good;
  private boolean stopped;
  private final VolumeEngine engine;
  private final BlockDevice from;
  private final BlockDevice to;
  private final long size;
  private final long step;
  private final ArrayDeque<DirtyRange> todo = new ArrayDeque<>();
  private DirtyRange chunk;
  private long windowEnd;
  private final RangeLock.Range range = new RangeLock.Range() {
    @Override
    protected void granted() {
      copy();
    }
  };

  FillRun(VolumeEngine engine, BlockDevice from, BlockDevice to, int leg, long size, long step) {
    this.engine = engine;
    this.from = from;
    this.to = to;
    this.leg = leg;
    this.size = size;
    this.step = step;
  }

  /** It lets go of what it waits for as soon as it gets it. */
  void stop() {
    if (!ended) good = false;
    stopped = true;
  }

  void start() {
    nextWindow();
  }

  private void nextWindow() {
    if (stopped) return;
    if (windowEnd >= size) {
      engine.window(size, size);
      DeviceIo.flush(to).whenComplete((done, failure) -> end(failure == null));
      return;
    }
    long start = windowEnd;
    windowEnd = Math.min(size, start + step);
    engine.window(start, windowEnd).thenRun(() -> engine.intents().dirty(List.of(0)).whenComplete((dirty, failure) -> {
      if (failure != null) {
        end(false);
        return;
      }
      for (DirtyRange r : dirty) {
        long a = Math.max(start, r.start());
        long b = Math.min(windowEnd, r.end());
        for (; a < b; a += 4096) todo.add(new DirtyRange(a, a + 4096));
      }
      nextChunk();
    }));
  }

  private void nextChunk() {
    chunk = todo.poll();
    if (chunk == null) nextWindow();
    else if (engine.lock().acquire(range, chunk.start(), chunk.end(), true)) copy();
  }

  private void copy() {
    if (stopped) {
      engine.lock().release(range);
      return;
    }
    DeviceIo.read(from, chunk.start(), (int) chunk.length())
        .thenCompose(bytes -> DeviceIo.write(to, chunk.start(), bytes, 0))
        .whenComplete((done, failure) -> {
          engine.lock().release(range);
          if (failure == null) nextChunk();
          else end(false);
        });
  }

  private void end(boolean well) {
    ended = true;
    good = well && !stopped;
  }
}
