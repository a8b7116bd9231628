package sluice.io.device;

import sluice.api.block.BlockRequest;

/** An aligned change (or hint) on its way through an {@link AlignedDevice}; changes hold their range while they are. */
final class PassedRequest extends BlockRequest {
  private final AlignedDevice device;
  private final RangeLock.Range range =
      new RangeLock.Range() {
        @Override
        protected void granted() {
          device.target().submit(PassedRequest.this);
        }
      };
  private BlockRequest parent;
  private boolean locked;
  PassedRequest nextFree;

  PassedRequest(AlignedDevice device) {
    this.device = device;
  }

  void start(BlockRequest request, long from, long to) {
    parent = request;
    set(request.op, request.flags, from, to - from);
    buffer = request.buffer;
    bufferIndex = request.bufferIndex;
    locked = request.op.changesData();
    if (!locked || device.lock.acquire(range, from, to, false)) device.target().submit(this);
  }

  @Override
  public void completed(int error) {
    BlockRequest ended = parent;
    parent = null;
    buffer = null;
    if (locked) device.lock.release(range);
    device.done(this, ended, error);
  }
}
