package sluice.agent.direct;

import java.util.concurrent.TimeUnit;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * The look that a host takes at a disk before it says that a line which an earlier run of the server had proved is still the same. That an
 * idle line has broken is not noticed before it is used, and until then the host would vouch for a disk that has been away. On the loop.
 */
final class LineLook extends BlockRequest {
  /** Who gets no answer in this time cannot vouch for anything. */
  static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int BYTES = 4096;

  private final DiskSlot slot;
  private final long run;

  /** @param run of the server that asks */
  LineLook(DiskSlot slot, long run) {
    this.slot = slot;
    this.run = run;
  }

  long run() {
    return run;
  }

  void start() {
    IoLoop loop = slot.loop();
    set(BlockOp.READ, 0, 0, BYTES);
    try {
      buffer = loop.buffers().take(BYTES);
    } catch (RuntimeException e) {
      slot.looked(this, IoError.ENOMEM);
      return;
    }
    bufferIndex = IoBuffer.HEADROOM;
    loop.schedule(DEADLINE_NANOS, () -> {
      if (buffer != null) slot.silent(this);
    });
    slot.probe(this);
  }

  @Override
  public void completed(int error) {
    buffer.release();
    buffer = null;
    slot.looked(this, error);
  }
}
