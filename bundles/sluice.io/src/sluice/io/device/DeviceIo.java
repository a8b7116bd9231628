package sluice.io.device;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/**
 * Reads and writes byte arrays, for what is rare and small: labels, metadata, probes. Callable on any thread; the
 * stages complete on the device's loop. Ranges are aligned as the device wants them and at most
 * {@link BlockDevice#MAX_TRANSFER}.
 */
public final class DeviceIo {
  private DeviceIo() {}

  /** Fails with a SluiceException that names the device and the error. */
  public static CompletionStage<byte[]> read(BlockDevice device, long offset, int length) {
    return submitted(device, new Transfer(device, BlockOp.READ, 0, offset, new byte[length]));
  }

  /** @param flags of {@link BlockRequest}, FUA for what has to be stable */
  public static CompletionStage<Void> write(BlockDevice device, long offset, byte[] bytes, int flags) {
    return submitted(device, new Transfer(device, BlockOp.WRITE, flags, offset, bytes)).thenApply(done -> null);
  }

  /** What was written before is stable when the stage completes. */
  public static CompletionStage<Void> flush(BlockDevice device) {
    return submitted(device, new Transfer(device, BlockOp.FLUSH, 0, 0, new byte[0])).thenApply(done -> null);
  }

  private static CompletionStage<byte[]> submitted(BlockDevice device, Transfer transfer) {
    try {
      if (device.loop().inLoop()) transfer.run();
      else device.loop().execute(transfer);
    } catch (RejectedExecutionException e) {
      transfer.fail(IoError.ESHUTDOWN);
    }
    return transfer.result;
  }

  /** The error a person sees for a request of a device that failed. */
  public static SluiceException failure(BlockDevice device, BlockOp op, long offset, int error) {
    return new SluiceException(ErrorCode.IO, device + ": " + op + " at " + offset + " failed", IoError.text(error),
        "check the disk and the way to it, then try again", device.toString());
  }

  private static final class Transfer extends BlockRequest implements Runnable {
    private final BlockDevice device;
    private final byte[] bytes;
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();

    Transfer(BlockDevice device, BlockOp op, int flags, long offset, byte[] bytes) {
      this.device = device;
      this.bytes = bytes;
      set(op, flags, offset, bytes.length);
      bufferIndex = IoBuffer.HEADROOM;
    }

    @Override
    public void run() {
      if (op.hasPayload()) {
        try {
          buffer = device.loop().buffers().take(bytes.length);
        } catch (RuntimeException e) {
          fail(IoError.ENOMEM);
          return;
        }
        if (op == BlockOp.WRITE) buffer.bytes().put(bufferIndex, bytes);
      }
      device.submit(this);
    }

    @Override
    public void completed(int error) {
      if (op == BlockOp.READ && error == IoError.OK) buffer.bytes().get(bufferIndex, bytes);
      if (buffer != null) buffer.release();
      buffer = null;
      if (error == IoError.OK) result.complete(bytes);
      else fail(error);
    }

    void fail(int error) {
      result.completeExceptionally(failure(device, op, offset, error));
    }
  }
}
