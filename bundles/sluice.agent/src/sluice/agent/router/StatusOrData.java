package sluice.agent.router;

import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;

/** Passes on what a route finds; if it finds nothing and fails, says that everything is data. */
final class StatusOrData implements StatusSink {
  private final long length;
  private final StatusSink sink;
  private boolean found;

  StatusOrData(long length, StatusSink sink) {
    this.length = length;
    this.sink = sink;
  }

  @Override
  public void range(long rangeLength, int flags) {
    found = true;
    sink.range(rangeLength, flags);
  }

  @Override
  public void completed(int error) {
    if (!found && (error == IoError.OK || IoError.redirectable(error))) {
      sink.range(length, DATA);
      sink.completed(IoError.OK);
    } else {
      sink.completed(found ? IoError.OK : error);
    }
  }
}
