package sluice.io.device;

import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * Offers any byte range of a device that takes aligned ranges only.
 *
 * <p>What is aligned passes: reads as they are, changes by a pooled child that marks their range. What is not goes
 * through a bounce buffer; unaligned WRITE and WRITE_ZEROES read the blocks at their edges, patch and write them,
 * alone in those blocks: they wait for changes under way that overlap the blocks, and later ones wait for them
 * ({@link RangeLock}), so no acknowledged byte is undone by an old copy of its block. An unaligned TRIM covers the
 * blocks that lie wholly in its range.
 *
 * <p>It owns the device below: closing closes it. Bytes after the last whole block of the device are not offered.
 * The device below may change its size, and nothing else of what it is.
 */
public final class AlignedDevice implements BlockDevice {
  private final BlockDevice target;
  /** What the device below said last, and what is said here of it: a device may become larger or smaller. */
  private volatile Seen seen;
  final int alignment;
  final RangeLock lock = new RangeLock();
  private final Drain drain;
  private PassedRequest freePassed;
  private BouncedRequest freeBounced;

  private AlignedDevice(BlockDevice target) {
    this.target = target;
    alignment = target.traits().alignment();
    seen = see(target.traits());
    drain = new Drain(target.loop(), target::close);
  }

  private record Seen(BlockTraits below, BlockTraits traits) {}

  private Seen see(BlockTraits below) {
    return new Seen(below, new BlockTraits(below.size() & -alignment, 1, Math.max(below.preferred(), alignment), below.readOnly(),
        below.trim(), below.zeroes(), below.rotational()));
  }

  /** A device of alignment 1 on the same bytes: the device itself if it is one. */
  public static BlockDevice of(BlockDevice device) {
    return device.traits().alignment() == 1 ? device : new AlignedDevice(device);
  }

  @Override
  public IoLoop loop() {
    return target.loop();
  }

  @Override
  public BlockTraits traits() {
    BlockTraits below = target.traits();
    Seen last = seen;
    if (last.below != below) seen = last = see(below);
    return last.traits;
  }

  BlockDevice target() {
    return target;
  }

  @Override
  public void submit(BlockRequest request) {
    int error = drain.closing() ? IoError.ESHUTDOWN : RequestCheck.error(request, traits());
    if (error != IoError.OK || RequestCheck.empty(request)) {
      request.completed(error);
      return;
    }
    switch (request.op) {
      case FLUSH -> target.submit(request);
      case READ -> {
        if (aligned(request)) target.submit(request);
        else bounce(request);
      }
      case WRITE, WRITE_ZEROES -> {
        if (aligned(request)) pass(request, request.offset, request.end());
        else bounce(request);
      }
      case TRIM -> pass(request, up(request.offset), down(request.end()));
      case CACHE -> pass(request, down(request.offset), up(request.end()));
    }
  }

  private boolean aligned(BlockRequest r) {
    if (((r.offset | r.length) & (alignment - 1)) != 0) return false;
    return !r.op.hasPayload() || ((r.buffer.address() + r.bufferIndex) & (alignment - 1)) == 0;
  }

  long down(long offset) {
    return offset & -alignment;
  }

  long up(long offset) {
    return (offset + alignment - 1) & -alignment;
  }

  private void pass(BlockRequest request, long from, long to) {
    if (from >= to) {
      request.completed(IoError.OK);
      return;
    }
    drain.enter();
    PassedRequest child = freePassed;
    if (child == null) child = new PassedRequest(this);
    else freePassed = child.nextFree;
    child.start(request, from, to);
  }

  private void bounce(BlockRequest request) {
    drain.enter();
    BouncedRequest child = freeBounced;
    if (child == null) child = new BouncedRequest(this);
    else freeBounced = child.nextFree;
    child.start(request);
  }

  void done(PassedRequest child, BlockRequest parent, int error) {
    child.nextFree = freePassed;
    freePassed = child;
    parent.completed(error);
    drain.leave();
  }

  void done(BouncedRequest child, BlockRequest parent, int error) {
    child.nextFree = freeBounced;
    freeBounced = child;
    parent.completed(error);
    drain.leave();
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (drain.closing() || offset < 0 || length <= 0 || offset > traits().size() - length) {
      sink.completed(drain.closing() ? IoError.ESHUTDOWN : IoError.EINVAL);
      return;
    }
    long from = down(offset);
    target.status(from, up(offset + length) - from, new ClippedStatus(sink, offset - from, length));
  }

  @Override
  public CompletionStage<Void> close() {
    return drain.close();
  }

  @Override
  public String toString() {
    return target + " aligned to 1";
  }
}
