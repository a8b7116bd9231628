package sluice.io.device;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * A window of a device, as a device of its own. Several may share a device: closing one ends its own requests only, the
 * device stays open for whoever opened it.
 */
public final class SliceDevice implements BlockDevice {
  private final BlockDevice target;
  private final long start;
  private final BlockTraits traits;
  private final Drain drain;
  private Child free;

  /** @param start bytes from the device's start, aligned as the device wants it; so is {@code length} */
  public SliceDevice(BlockDevice target, long start, long length) {
    BlockTraits below = target.traits();
    if (start < 0 || length < 0 || start > below.size() - length) {
      throw new IllegalArgumentException("window " + start + "+" + length);
    }
    if (((start | length) & (below.alignment() - 1)) != 0) throw new IllegalArgumentException("window is not aligned");
    this.target = target;
    this.start = start;
    traits = new BlockTraits(length, below.alignment(), below.preferred(), below.readOnly(), below.trim(),
        below.zeroes(), below.rotational());
    drain = new Drain(target.loop(), () -> CompletableFuture.completedStage(null));
  }

  @Override
  public IoLoop loop() {
    return target.loop();
  }

  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    int error = drain.closing() ? IoError.ESHUTDOWN : RequestCheck.error(request, traits);
    if (error != IoError.OK || RequestCheck.empty(request)) {
      request.completed(error);
      return;
    }
    drain.enter();
    Child child = free;
    if (child == null) child = new Child();
    else free = child.nextFree;
    child.parent = request;
    child.set(request.op, request.flags, start + request.offset, request.length);
    child.buffer = request.buffer;
    child.bufferIndex = request.bufferIndex;
    target.submit(child);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (drain.closing()) sink.completed(IoError.ESHUTDOWN);
    else if (offset < 0 || length <= 0 || offset > traits.size() - length) sink.completed(IoError.EINVAL);
    else target.status(start + offset, length, sink);
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  @Override
  public String toString() {
    return traits.size() + " bytes from " + start + " of " + target;
  }

  private final class Child extends BlockRequest {
    BlockRequest parent;
    Child nextFree;

    @Override
    public void completed(int error) {
      BlockRequest ended = parent;
      parent = null;
      buffer = null;
      nextFree = free;
      free = this;
      ended.completed(error);
      drain.leave();
    }
  }
}
