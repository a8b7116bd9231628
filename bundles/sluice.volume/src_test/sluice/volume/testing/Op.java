package sluice.volume.testing;

import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/** A request of a test's: remembers how it ended, and that it did so once. */
public final class Op extends BlockRequest {
  public int result = -1;
  public Runnable then = () -> {};

  public Op(VirtualLoop loop, BlockOp op, int flags, long offset, long length) {
    set(op, flags, offset, length);
    bufferIndex = IoBuffer.HEADROOM;
    if (op.hasPayload()) buffer = loop.take((int) length);
  }

  public static Op write(VirtualLoop loop, long offset, int length, int value) {
    Op op = new Op(loop, BlockOp.WRITE, 0, offset, length);
    for (int i = 0; i < length; i++) op.buffer.bytes().put(op.bufferIndex + i, (byte) value);
    return op;
  }

  public static Op read(VirtualLoop loop, long offset, int length) {
    return new Op(loop, BlockOp.READ, 0, offset, length);
  }

  public static Op flush(VirtualLoop loop) {
    return new Op(loop, BlockOp.FLUSH, 0, 0, 0);
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

  /** As its owner does once it has looked at it. */
  public void release() {
    if (buffer != null) buffer.release();
    buffer = null;
  }

  @Override
  public void completed(int error) {
    if (done()) throw new AssertionError("completed twice");
    result = error;
    then.run();
  }
}
