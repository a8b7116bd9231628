package sluice.volume.snapshot;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.io.device.DeviceIo;

/**
 * Writes what a snapshot shows back into its volume: the chunks that have changed since, and no others. The volume's own way
 * preserves what they hold for later snapshots. Broken off at any point it is begun anew: a chunk that was written back is still
 * preserved for the snapshot, and shows the same again. Nobody else changes the volume meanwhile.
 *
 * <p>{@link #AT_A_TIME} chunks are under way at a time. On the loop.
 */
public final class SnapshotRestore {
  private static final int AT_A_TIME = 4;

  private final Preserver preserver;
  private final SnapshotView view;
  private final BlockDevice volume;
  private final long number;
  private final long size;
  private final long chunkBytes;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private int next;
  private int underWay;
  private int error = IoError.OK;

  /** @param volume above its preserver; @param chunkBytes of its snapshots */
  public SnapshotRestore(Preserver preserver, SnapshotView view, BlockDevice volume, long size, long chunkBytes) {
    this.preserver = preserver;
    this.view = view;
    this.volume = volume;
    this.size = size;
    this.chunkBytes = chunkBytes;
    number = view.number();
  }

  /** Completes when all of it is stable; fails, with what is said of it, if something could not be read or written. */
  public CompletionStage<Void> start() {
    fill();
    return done;
  }

  private void fill() {
    int chunks = (int) ((size + chunkBytes - 1) / chunkBytes);
    while (error == IoError.OK && underWay < AT_A_TIME && next < chunks) {
      boolean[] is = new boolean[1];
      int from = next;
      int end = preserver.changed(number, 0, from, chunks, 1, (a, b, changed) -> is[0] = changed);
      if (!is[0]) {
        next = end;
        continue;
      }
      next = from + 1;
      underWay++;
      new Chunk(from).start();
    }
    if (underWay > 0 || done.isDone()) return;
    if (error != IoError.OK) done.completeExceptionally(new IllegalStateException(IoError.text(error)));
    else DeviceIo.flush(volume).whenComplete((x, failure) -> {
      if (failure == null) done.complete(null);
      else done.completeExceptionally(failure);
    });
  }

  private void ended(int how) {
    underWay--;
    if (how != IoError.OK && error == IoError.OK) error = how;
    preserver.loop().execute(this::fill);
  }

  private final class Chunk extends BlockRequest {
    private final long from;

    Chunk(int chunk) {
      from = chunk * chunkBytes;
    }

    void start() {
      long bytes = Math.min(chunkBytes, size - from);
      try {
        buffer = preserver.loop().buffers().take((int) bytes);
      } catch (RuntimeException e) {
        ended(IoError.ENOMEM);
        return;
      }
      bufferIndex = IoBuffer.HEADROOM;
      set(BlockOp.READ, 0, from, bytes);
      view.submit(this);
    }

    @Override
    public void completed(int how) {
      if (how == IoError.OK && op == BlockOp.READ) {
        set(BlockOp.WRITE, 0, from, length);
        volume.submit(this);
        return;
      }
      buffer.release();
      buffer = null;
      ended(how);
    }
  }
}
