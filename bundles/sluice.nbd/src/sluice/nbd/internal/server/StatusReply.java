package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import java.util.List;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;
import sluice.nbd.MetaContext;

/** A BLOCK_STATUS under way: asks the selected contexts one after the other ("NBD_CMD_BLOCK_STATUS"). */
final class StatusReply implements StatusSink {
  private final Transmission owner;
  private final List<Selected> contexts;
  private final long cookie;
  private final long offset;
  private final long length;
  private final boolean one;
  private int next;
  private ByteBuf out;
  private Extents extents;

  /** A context with the number that the client knows it by. */
  record Selected(int id, MetaContext context) {}

  StatusReply(Transmission owner, List<Selected> contexts, long cookie, long offset, long length, boolean one) {
    this.owner = owner;
    this.contexts = contexts;
    this.cookie = cookie;
    this.offset = offset;
    this.length = length;
    this.one = one;
  }

  void start() {
    out = owner.allocate();
    extents = new Extents(out, length, one);
    contexts.get(next).context().status(offset, length, this);
  }

  @Override
  public void range(long rangeLength, int flags) {
    extents.add(rangeLength, flags);
  }

  @Override
  public void completed(int error) {
    int found = extents.finish();
    if (error != 0 || found == 0) {
      out.release();
      owner.statusFailed(cookie, error == 0 ? IoError.EIO : error);
      return;
    }
    boolean last = next == contexts.size() - 1;
    owner.statusFound(cookie, contexts.get(next).id(), out, last);
    if (last) return;
    next++;
    start();
  }
}
