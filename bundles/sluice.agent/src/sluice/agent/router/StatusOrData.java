package sluice.agent.router;

import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;
import sluice.api.block.IoLoop;

/**
 * Passes on what a route finds; if it finds nothing and fails, or takes too long, says that everything is data, which is always
 * true enough. What it still says after that is nobody's. On the loop.
 */
final class StatusOrData implements StatusSink {
  private final long length;
  private final StatusSink sink;
  private boolean found;
  private final IoLoop.Timer deadline;
  private boolean ended;

  StatusOrData(long length, StatusSink sink, IoLoop loop, long deadlineNanos) {
    this.length = length;
    this.sink = sink;
    deadline = loop.schedule(deadlineNanos, this::late);
  }

  @Override
  public void range(long rangeLength, int flags) {
    if (ended) return;
    found = true;
    sink.range(rangeLength, flags);
  }

  @Override
  public void completed(int error) {
    if (ended) return;
    ended = true;
    deadline.cancel();
    if (!found && (error == IoError.OK || IoError.redirectable(error))) {
      sink.range(length, DATA);
      sink.completed(IoError.OK);
    } else {
      sink.completed(found ? IoError.OK : error);
    }
  }

  /** Its time is up: a disk that hangs must not keep a program waiting for what it could do without. */
  private void late() {
    completed(IoError.ETIMEDOUT);
  }
}
