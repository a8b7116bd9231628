package sluice.server.volumes;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * Where the server's own I/O to a volume waits while the layout changes (invariant 3), and what stays the same for who
 * uses the volume when the layout below is another one. On its loop. At most {@value #MOST} requests wait; further ones
 * end with ENOMEM, which a host's router sends again.
 */
final class VolumeGate implements BlockDevice {
  /** Far more than the memory of a loop's connections lets through. */
  static final int MOST = 8192;

  private enum State {
    OPEN,
    WAITING,
    /** There is nothing to send requests to, and nobody knows for how long. */
    REFUSING,
    CLOSED
  }

  private final IoLoop loop;
  private volatile BlockTraits traits;
  private final ArrayDeque<BlockRequest> queue = new ArrayDeque<>();
  private State state = State.WAITING;
  private BlockDevice target;
  private boolean draining;

  VolumeGate(IoLoop loop, BlockTraits traits) {
    this.loop = loop;
    this.traits = traits;
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
    switch (state) {
      case OPEN -> {
        if (draining) wait(request);
        else target.submit(request);
      }
      case WAITING -> wait(request);
      case REFUSING -> request.completed(IoError.ENXIO);
      default -> request.completed(IoError.ESHUTDOWN);
    }
  }

  private void wait(BlockRequest request) {
    if (queue.size() < MOST) queue.add(request);
    else request.completed(IoError.ENOMEM);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (state == State.OPEN) target.status(offset, length, sink);
    // Reading is always right, and reads wait here as everything does.
    else BlockDevice.super.status(offset, length, sink);
  }

  /** The volume is larger or smaller from now on; who waits and reaches past its end fails below. */
  void resized(long size) {
    BlockTraits t = traits;
    if (t.size() != size) traits = new BlockTraits(size, t.alignment(), t.preferred(), t.readOnly(), t.trim(), t.zeroes(), t.rotational());
  }

  /** From now on requests wait. */
  void shut() {
    if (state != State.CLOSED) state = State.WAITING;
  }

  /** Who waits, and who comes, is told that the volume cannot be reached. */
  void refuse() {
    if (state == State.CLOSED) return;
    state = State.REFUSING;
    for (BlockRequest r = queue.poll(); r != null; r = queue.poll()) r.completed(IoError.ENXIO);
  }

  /** Who waits goes on, in the order of coming, and before who comes now. */
  void open(BlockDevice to) {
    if (state == State.CLOSED) return;
    target = to;
    state = State.OPEN;
    if (draining) return;
    draining = true;
    while (state == State.OPEN && !queue.isEmpty()) target.submit(queue.poll());
    draining = false;
  }

  int waiting() {
    return queue.size();
  }

  /** What lies below is closed by who put it there. Requests that wait end with ESHUTDOWN. */
  @Override
  public CompletionStage<Void> close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    loop.execute(() -> {
      state = State.CLOSED;
      for (BlockRequest r = queue.poll(); r != null; r = queue.poll()) r.completed(IoError.ESHUTDOWN);
      closed.complete(null);
    });
    return closed;
  }
}
