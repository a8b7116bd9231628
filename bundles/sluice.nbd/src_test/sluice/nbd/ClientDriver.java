package sluice.nbd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;

/** Drives a device from a test's thread: requests as futures of their errors. */
final class ClientDriver {
  private final Serving serving;
  private final BlockDevice device;

  ClientDriver(Serving serving, BlockDevice device) {
    this.serving = serving;
    this.device = device;
  }

  /** A request and what became of it. */
  static final class Request extends BlockRequest {
    final CompletableFuture<Integer> done = new CompletableFuture<>();
    byte[] read;

    @Override
    public void completed(int error) {
      if (op == BlockOp.READ && error == 0) {
        read = new byte[(int) length];
        buffer.bytes().get(bufferIndex, read);
      }
      if (buffer != null) buffer.release();
      if (!done.complete(error)) throw new AssertionError("completed twice");
    }

    int error() {
      return Serving.await(done);
    }
  }

  Request start(BlockOp op, int flags, long offset, long length, byte[] data) {
    Request request = new Request();
    request.set(op, flags, offset, length);
    serving.loop.execute(() -> {
      if (op.hasPayload()) {
        request.buffer = serving.loop.buffers().take((int) Math.min(length, BlockDevice.MAX_TRANSFER));
        request.bufferIndex = IoBuffer.HEADROOM;
        if (data != null) request.buffer.bytes().put(IoBuffer.HEADROOM, data);
      }
      device.submit(request);
    });
    return request;
  }

  int write(long offset, byte[] data) {
    return start(BlockOp.WRITE, 0, offset, data.length, data).error();
  }

  byte[] read(long offset, int length) {
    Request request = start(BlockOp.READ, 0, offset, length, null);
    if (request.error() != 0) throw new AssertionError("error " + request.error());
    return request.read;
  }

  int run(BlockOp op, int flags, long offset, long length) {
    return start(op, flags, offset, length, null).error();
  }

  /** Ranges as "length:flags". */
  List<String> status(long offset, long length) {
    CompletableFuture<List<String>> found = new CompletableFuture<>();
    serving.loop.execute(() -> device.status(offset, length, new BlockDevice.StatusSink() {
      private final List<String> ranges = new ArrayList<>();

      @Override
      public void range(long n, int flags) {
        ranges.add(n + ":" + flags);
      }

      @Override
      public void completed(int error) {
        if (error != 0) ranges.add("error " + error);
        found.complete(ranges);
      }
    }));
    return Serving.await(found);
  }
}
