package sluice.agent.direct;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * Asks each disk of a route for its first block. A disk that keeps a probe's read to itself fails this probe and those after it,
 * until it has answered: there is never more than one such read with a disk.
 */
final class Prober {
  /** Less than the policy's patience, so that the reason is ours. */
  static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int BYTES = 4096;

  /** How it ended. */
  interface Outcome {
    void probed(int error, String reason);
  }

  private final IoLoop loop;
  private final Supplier<Collection<DiskSlot>> slots;
  private final Outcome outcome;
  private final Map<DiskSlot, FirstBlock> reads = new LinkedHashMap<>();
  private IoLoop.Timer timer;
  private int round;
  private int pending;
  private boolean running;

  /** @param slots those of the layout that is in force */
  Prober(IoLoop loop, Supplier<Collection<DiskSlot>> slots, Outcome outcome) {
    this.loop = loop;
    this.slots = slots;
    this.outcome = outcome;
  }

  void start() {
    stop();
    running = true;
    round++;
    List<DiskSlot> all = List.copyOf(slots.get());
    reads.keySet().retainAll(all);
    pending = all.size();
    int mine = round;
    timer = loop.schedule(DEADLINE_NANOS, () -> {
      if (running && round == mine) end(IoError.ETIMEDOUT, silent());
    });
    for (DiskSlot slot : all) if (running) reads.computeIfAbsent(slot, FirstBlock::new).start(mine);
  }

  void stop() {
    running = false;
    if (timer != null) timer.cancel();
    timer = null;
  }

  private String silent() {
    for (FirstBlock read : reads.values()) if (read.buffer != null) return read.slot.label() + " does not answer";
    return "";
  }

  private void answered(DiskSlot slot, int of, int error) {
    if (!running || of != round) return;
    if (error != IoError.OK) end(error, slot.label() + ": " + IoError.text(error) + " on a probe");
    else if (--pending == 0) end(IoError.OK, "");
  }

  private void end(int error, String reason) {
    stop();
    outcome.probed(error, reason);
  }

  private final class FirstBlock extends BlockRequest {
    private final DiskSlot slot;
    private int of;

    FirstBlock(DiskSlot slot) {
      this.slot = slot;
    }

    void start(int roundNumber) {
      if (buffer != null) {
        answered(slot, roundNumber, IoError.ETIMEDOUT);
        return;
      }
      of = roundNumber;
      set(BlockOp.READ, 0, 0, BYTES);
      buffer = loop.buffers().take(BYTES);
      bufferIndex = IoBuffer.HEADROOM;
      slot.probe(this);
    }

    @Override
    public void completed(int error) {
      buffer.release();
      buffer = null;
      answered(slot, of, error);
    }
  }
}
