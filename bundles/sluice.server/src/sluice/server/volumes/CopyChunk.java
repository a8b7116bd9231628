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

  private final Part read;
  private final Part[] writes;
  private IoBuffer memory;
  private int left;
  private boolean failed;

  CopyChunk(LegCopier copier, long start, int bytes) {
    super(copier, start, bytes);
    read = new Part(copier.from, BlockOp.READ);
    writes = new Part[copier.to.size()];
    for (int i = 0; i < writes.length; i++) writes[i] = new Part(copier.to.get(i), BlockOp.WRITE);
  }

  @Override
  void takeMemory() {
    memory = copier.loop.buffers().take(bytes);
  }

  @Override
  void releaseMemory() {
    if (memory != null) memory.release();
    memory = null;
  }

  @Override
  void begin() {
    left = 1;
    read.submit();
  }

  private void next(Part part) {
    if (part == read && !failed && !ended()) {
      // All are counted before the first may complete.
      left = writes.length;
      for (Part w : writes) w.submit();
      if (writes.length > 0) return;
    } else left--;
    if (left > 0) return;
    finish(failed ? 0 : bytes);
  }

  @Override
  boolean waitsForOthers(Set<String> legs) {
    boolean other = read.underWay && !legs.contains(read.leg.legId());
    for (Part w : writes) other |= w.underWay && !legs.contains(w.leg.legId());
    return other;
  }

  @Override
  void busyLegs(Set<String> busy) {
    if (read.underWay) busy.add(read.leg.legId());
    for (Part w : writes) if (w.underWay) busy.add(w.leg.legId());
  }
}
