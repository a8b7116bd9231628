package sluice.server.disks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * A disk as one loop sees it, for as long as the disk is in the catalog: while it cannot be reached, requests end with
 * ENXIO at once, so that whoever sent them can decide. Volumes are built on ports, and outlive the disk's comings and
 * goings. Its alignment is the strictest there is, so that it holds for whatever answers next. Allocates nothing.
 */
final class DiskPort implements BlockDevice {
  private static final int ALIGNMENT = 4096;

  private final IoLoop loop;
  private final BlockTraits traits;
  private volatile BlockDevice device;

  DiskPort(IoLoop loop, long capacity) {
    this.loop = loop;
    this.traits = new BlockTraits(capacity & -ALIGNMENT, ALIGNMENT, ALIGNMENT, false, true, false, false);
  }

  /** Any thread: the open disk, on this port's loop, or null. Requests under way stay with the one they went to. */
  void connect(BlockDevice to) {
    device = to;
  }

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public BlockTraits traits() {
    return traits;
  }

  @Override
  public void submit(BlockRequest request) {
    BlockDevice d = device;
    if (d == null) request.completed(IoError.ENXIO);
    else d.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    BlockDevice d = device;
    if (d == null) sink.completed(IoError.ENXIO);
    else d.status(offset, length, sink);
  }

  /** The disk is the server's, not the volume's: nothing to close. */
  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedFuture(null);
  }
}
