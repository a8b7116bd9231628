package sluice.io.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/** Drives a device of a real loop from a test's thread, one request at a time or many. */
public final class Driver {
  public final BlockDevice device;

  public Driver(BlockDevice device) {
    this.device = device;
  }

  /** A request with memory of its loop's pool. */
  public final class Sent extends BlockRequest {
    private final byte[] data;
    private final int shift;
    private final CompletableFuture<Integer> result = new CompletableFuture<>();

    private Sent(BlockOp op, int flags, long offset, long length, byte[] data, int shift) {
      set(op, flags, offset, length);
      this.data = data;
      this.shift = shift;
      device.loop().execute(this::start);
    }

    private void start() {
      if (op.hasPayload()) {
        buffer = device.loop().buffers().take((int) Math.min(length, BlockDevice.MAX_TRANSFER));
        bufferIndex = IoBuffer.HEADROOM + shift;
        if (op == BlockOp.WRITE && length <= BlockDevice.MAX_TRANSFER) buffer.bytes().put(bufferIndex, data);
      }
      device.submit(this);
    }

    @Override
    public void completed(int error) {
      if (!device.loop().inLoop()) throw new AssertionError("completed off the loop");
      if (op == BlockOp.READ && error == IoError.OK) buffer.bytes().get(bufferIndex, data, 0, (int) length);
      if (buffer != null) buffer.release();
      if (!result.complete(error)) throw new AssertionError("completed twice");
    }

    public int error() throws Exception {
      return result.get(60, TimeUnit.SECONDS);
    }

    public byte[] data() throws Exception {
      if (error() != IoError.OK) throw new AssertionError(IoError.text(error()));
      return data;
    }
  }

  public Sent send(BlockOp op, int flags, long offset, long length) {
    return new Sent(op, flags, offset, length, op == BlockOp.READ && length <= BlockDevice.MAX_TRANSFER
        ? new byte[(int) length] : null, 0);
  }

  public Sent sendRead(long offset, int length) {
    return send(BlockOp.READ, 0, offset, length);
  }

  public Sent sendWrite(long offset, byte[] data, int flags) {
    return new Sent(BlockOp.WRITE, flags, offset, data.length, data, 0);
  }

  public Sent sendWriteFromOddMemory(long offset, byte[] data) {
    return new Sent(BlockOp.WRITE, 0, offset, data.length, data, -1);
  }

  public byte[] read(long offset, int length) throws Exception {
    return sendRead(offset, length).data();
  }

  public int write(long offset, byte[] data) throws Exception {
    return sendWrite(offset, data, 0).error();
  }

  public int run(BlockOp op, int flags, long offset, long length) throws Exception {
    return send(op, flags, offset, length).error();
  }

  public int run(BlockOp op) throws Exception {
    return run(op, 0, 0, 0);
  }

  /** "4096d 8192h 0": lengths of data and holes, then the error. */
  public String status(long offset, long length) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    device.loop().execute(() -> device.status(offset, length, new BlockDevice.StatusSink() {
      private final StringBuilder text = new StringBuilder();

      @Override
      public void range(long part, int flags) {
        text.append(part).append(flags == DATA ? "d " : "h ");
      }

      @Override
      public void completed(int error) {
        answer.complete(text.toString() + error);
      }
    }));
    return answer.get(60, TimeUnit.SECONDS);
  }

  public void close() throws Exception {
    device.close().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
