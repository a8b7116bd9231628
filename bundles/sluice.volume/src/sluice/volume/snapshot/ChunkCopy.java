package sluice.volume.snapshot;

import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;

/** One chunk on its way into a slot: read, written, both in one piece of memory; then on the map. On the loop. */
final class ChunkCopy extends BlockRequest {
  final int chunk;
  private final Preserver owner;
  private final SnapshotStore store;
  private final int slot;

  ChunkCopy(Preserver owner, int chunk, int slot) {
    this.owner = owner;
    this.chunk = chunk;
    this.slot = slot;
    store = owner.store();
  }

  void start() {
    long from = chunk * store.chunkBytes();
    long bytes = Math.min(store.chunkBytes(), owner.traits().size() - from);
    try {
      buffer = owner.loop().buffers().take((int) bytes);
    } catch (RuntimeException e) {
      store.giveBack(slot);
      owner.ended(this, IoError.ENOMEM);
      return;
    }
    bufferIndex = IoBuffer.HEADROOM;
    set(BlockOp.READ, 0, from, bytes);
    owner.origin().submit(this);
  }

  @Override
  public void completed(int error) {
    if (error != IoError.OK) {
      end(error);
    } else if (op == BlockOp.READ) {
      set(BlockOp.WRITE, FUA, store.offset(slot), length);
      store.device(slot).submit(this);
    } else {
      buffer.release();
      buffer = null;
      store.preserved(slot, chunk, e -> owner.ended(this, e));
    }
  }

  private void end(int error) {
    buffer.release();
    buffer = null;
    store.giveBack(slot);
    owner.ended(this, error);
  }
}
