package sluice.io.device;

import sluice.api.block.BlockDevice.StatusSink;

/** Hands on the part of an answer that was asked for, when more had to be asked below. */
final class ClippedStatus implements StatusSink {
  private final StatusSink sink;
  private long skip;
  private long left;

  ClippedStatus(StatusSink sink, long skip, long length) {
    this.sink = sink;
    this.skip = skip;
    this.left = length;
  }

  @Override
  public void range(long length, int flags) {
    long skipped = Math.min(skip, length);
    skip -= skipped;
    long shown = Math.min(length - skipped, left);
    left -= shown;
    if (shown > 0) sink.range(shown, flags);
  }

  @Override
  public void completed(int error) {
    sink.completed(error);
  }
}
