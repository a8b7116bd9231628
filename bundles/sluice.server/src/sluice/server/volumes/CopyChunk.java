package sluice.server.volumes;

import java.util.Set;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/** One piece of a copy: waits for its lock, is read from one leg, written to the others, and lets the lock go. On the loop. */
final class CopyChunk extends LegChunk {
  private final class Part extends BlockRequest {
    final LegCopier.End leg;
    boolean underWay;

    Part(LegCopier.End leg, BlockOp op) {
      this.leg = leg;
      this.op = op;
    }

    void submit() {
      set(op, 0, start, bytes);
      buffer = memory;
      bufferIndex = IoBuffer.HEADROOM;
      underWay = true;
      leg.device().submit(this);
    }

    @Override
    public void completed(int error) {
      underWay = false;
      if (buffer != null) memory = buffer;
      if (error != IoError.OK) {
        failed = true;
        copier.failed(leg.legId(), error);
      }
      next(this);
    }
  }

  private final LegCopier copier;
  private final long start;
  private final int bytes;
  private final Part read;
  private final Part[] writes;
  private IoBuffer memory;
  private int left;
  private boolean held;
  private boolean failed;
  /** The copy does not wait for it any more. */
  private boolean ended;

  CopyChunk(LegCopier copier, long start, int bytes) {
    this.copier = copier;
    this.start = start;
    this.bytes = bytes;
    read = new Part(copier.from, BlockOp.READ);
    writes = new Part[copier.to.size()];
    for (int i = 0; i < writes.length; i++) writes[i] = new Part(copier.to.get(i), BlockOp.WRITE);
  }

  @Override
  void start() {
    if (copier.lock.acquire(this, start, start + bytes, true)) granted();
  }

  @Override
  protected void granted() {
    held = true;
    if (copier.ending()) {
      end(0);
      return;
    }
    try {
      memory = copier.loop.buffers().take(bytes);
    } catch (RuntimeException e) {
      copier.failed("", IoError.ENOMEM);
      end(0);
      return;
    }
    left = 1;
    read.submit();
  }

  private void next(Part part) {
    if (part == read && !failed && !ended) {
      // All are counted before the first may complete.
      left = writes.length;
      for (Part w : writes) w.submit();
      if (writes.length > 0) return;
    } else left--;
    if (left > 0) return;
    if (memory != null) memory.release();
    memory = null;
    copier.isFinal(this);
    end(failed ? 0 : bytes);
  }

  private void end(long copiedBytes) {
    if (ended) return;
    ended = true;
    release();
    copier.ended(this, copiedBytes);
  }

  @Override
  void stopWaiting() {
    if (held || ended) return;
    copier.lock.release(this);
    end(0);
  }

  private void release() {
    if (held) copier.lock.release(this);
    held = false;
  }

  /** A read from them leads to no write any more. */
  @Override
  void abandon(Set<String> legs) {
    if (ended || !held) return;
    boolean other = read.underWay && !legs.contains(read.leg.legId());
    for (Part w : writes) other |= w.underWay && !legs.contains(w.leg.legId());
    if (other) return;
    copier.abandoned(this);
    end(0);
  }

  @Override
  void busyLegs(Set<String> busy) {
    if (read.underWay) busy.add(read.leg.legId());
    for (Part w : writes) if (w.underWay) busy.add(w.leg.legId());
  }
}
