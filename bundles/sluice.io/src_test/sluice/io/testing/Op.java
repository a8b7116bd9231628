package sluice.io.testing;

import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/** A request of a test's: remembers how it ended, and that it did so once. */
public final class Op extends BlockRequest {
  public int result = -1;
  public Runnable then = () -> {};

  public Op(BlockOp op, long offset, long length) {
    this(op, 0, offset, length);
  }

  public Op(BlockOp op, int flags, long offset, long length) {
    set(op, flags, offset, length);
    bufferIndex = IoBuffer.HEADROOM;
    if (op.hasPayload()) buffer = new TestBuffer((int) Math.min(length, 40 << 20), () -> {});
  }

  public static Op write(long offset, byte[] data) {
    Op op = new Op(BlockOp.WRITE, offset, data.length);
    op.buffer.bytes().put(op.bufferIndex, data);
    return op;
  }

  public static Op read(long offset, int length) {
    return new Op(BlockOp.READ, offset, length);
  }

  public byte[] data() {
    byte[] data = new byte[(int) length];
    buffer.bytes().get(bufferIndex, data);
    return data;
  }

  public boolean done() {
    return result >= 0;
  }

  public boolean good() {
    return result == IoError.OK;
  }

  @Override
  public void completed(int error) {
    if (done()) throw new AssertionError("completed twice");
    result = error;
    then.run();
  }
}
