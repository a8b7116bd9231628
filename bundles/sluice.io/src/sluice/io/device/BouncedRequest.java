package sluice.io.device;

import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/**
 * An unaligned READ, WRITE or WRITE_ZEROES on its way through an {@link AlignedDevice}: window after window, each of
 * whole blocks, through a bounce buffer. Changes hold all their blocks exclusively.
 */
final class BouncedRequest extends BlockRequest {
  /** Bytes of the bounce buffer at most: an unaligned request of 32 MiB must not take as much again. */
  static final int WINDOW = 1 << 20;

  private enum Step {
    READ_DATA,
    READ_HEAD,
    READ_TAIL,
    WRITE,
    ZERO_BLOCKS
  }

  private final AlignedDevice device;
  private final RangeLock.Range range =
      new RangeLock.Range() {
        @Override
        protected void granted() {
          nextWindow();
        }
      };
  private BlockRequest parent;
  private IoBuffer bounce;
  private Step step;
  /** The first byte of the parent's range that has not been dealt with. */
  private long cursor;
  private long windowStart;
  private long windowEnd;
  BouncedRequest nextFree;

  BouncedRequest(AlignedDevice device) {
    this.device = device;
  }

  void start(BlockRequest request) {
    parent = request;
    cursor = request.offset;
    long from = device.down(request.offset);
    long to = device.up(request.end());
    try {
      boolean zeroes = request.op == BlockOp.WRITE_ZEROES;
      bounce = device.loop().buffers().take(zeroes ? device.alignment : (int) Math.min(WINDOW, to - from));
    } catch (RuntimeException e) {
      parent = null;
      device.done(this, request, IoError.ENOMEM);
      return;
    }
    if (request.op == BlockOp.READ || device.lock.acquire(range, from, to, true)) nextWindow();
  }

  private void nextWindow() {
    long end = parent.end();
    windowStart = device.down(cursor);
    if (parent.op == BlockOp.WRITE_ZEROES) {
      long blocks = device.down(end) - cursor;
      if (cursor == windowStart && blocks > 0) {
        windowEnd = cursor + blocks;
        submit(Step.ZERO_BLOCKS, BlockOp.WRITE_ZEROES, windowStart, blocks);
        return;
      }
      windowEnd = windowStart + device.alignment;
    } else {
      windowEnd = Math.min(device.up(end), windowStart + WINDOW);
    }
    if (parent.op == BlockOp.READ) submit(Step.READ_DATA, BlockOp.READ, windowStart, windowEnd - windowStart);
    else if (cursor > windowStart) submit(Step.READ_HEAD, BlockOp.READ, windowStart, device.alignment);
    else readTail();
  }

  private void readTail() {
    long last = windowEnd - device.alignment;
    boolean there = step == Step.READ_HEAD && last == windowStart;
    if (parent.end() < windowEnd && !there) submit(Step.READ_TAIL, BlockOp.READ, last, device.alignment);
    else patch();
  }

  private void patch() {
    int at = IoBuffer.HEADROOM + (int) (cursor - windowStart);
    int length = (int) (Math.min(parent.end(), windowEnd) - cursor);
    if (parent.op == BlockOp.WRITE) {
      bounce.bytes().put(at, parent.buffer.bytes(), parentIndex(), length);
    } else {
      for (int i = 0; i < length; i++) bounce.bytes().put(at + i, (byte) 0);
    }
    submit(Step.WRITE, BlockOp.WRITE, windowStart, windowEnd - windowStart);
  }

  private int parentIndex() {
    return parent.bufferIndex + (int) (cursor - parent.offset);
  }

  private void submit(Step next, BlockOp op, long offset, long length) {
    step = next;
    set(op, op == BlockOp.READ ? 0 : parent.flags & (op == BlockOp.WRITE ? FUA : FUA | NO_HOLE), offset, length);
    buffer = op.hasPayload() ? bounce : null;
    bufferIndex = IoBuffer.HEADROOM + (int) (op.hasPayload() ? offset - windowStart : 0);
    device.target().submit(this);
  }

  @Override
  public void completed(int error) {
    if (op == BlockOp.READ && buffer != bounce && exchanged(error)) return;
    if (error != IoError.OK) {
      finish(error);
      return;
    }
    switch (step) {
      case READ_HEAD -> readTail();
      case READ_TAIL -> patch();
      case READ_DATA -> {
        int length = (int) (Math.min(parent.end(), windowEnd) - cursor);
        int at = IoBuffer.HEADROOM + (int) (cursor - windowStart);
        parent.buffer.bytes().put(parentIndex(), bounce.bytes(), at, length);
        windowDone();
      }
      case WRITE, ZERO_BLOCKS -> windowDone();
    }
  }

  /**
   * A read came back in other memory than it was sent with; the device has taken the old one ({@link BlockRequest#buffer}).
   * What was read of a window's other edge went with it, so such a window begins again.
   *
   * @return whether that is all that is to be done
   */
  private boolean exchanged(int error) {
    bounce = buffer;
    if (error != IoError.OK || step == Step.READ_DATA) return false;
    try {
      IoBuffer whole = device.loop().buffers().take((int) (windowEnd - windowStart));
      bounce.release();
      bounce = whole;
    } catch (RuntimeException e) {
      finish(IoError.ENOMEM);
      return true;
    }
    step = null;
    nextWindow();
    return true;
  }

  private void windowDone() {
    cursor = Math.min(parent.end(), windowEnd);
    step = null;
    if (cursor < parent.end()) nextWindow();
    else finish(IoError.OK);
  }

  private void finish(int error) {
    BlockRequest ended = parent;
    parent = null;
    step = null;
    buffer = null;
    bounce.release();
    bounce = null;
    if (ended.op != BlockOp.READ) device.lock.release(range);
    device.done(this, ended, error);
  }
}
