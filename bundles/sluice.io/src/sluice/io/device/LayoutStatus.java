package sluice.io.device;

import sluice.api.block.BlockDevice;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;
import sluice.api.layout.VolumeLayout;

/**
 * Answers {@link BlockDevice#status} for a volume by asking disk after disk, in the order of the volume's bytes, and
 * joins adjoining ranges that are alike. Ends early, with a prefix, after {@link #MAX_PIECES}: whoever asks then
 * asks on.
 */
final class LayoutStatus implements StatusSink, VolumeLayout.PieceSink {
  static final int MAX_PIECES = 256;

  private final VolumeLayout layout;
  private final int leg;
  private final BlockDevice[] disks;
  private final StatusSink sink;
  private final long end;
  private long cursor;
  private int asked;
  private long joined;
  private int joinedFlags;
  private boolean answered;
  private int disk;
  private long diskOffset;
  private long pieceLength;
  private boolean first;
  /** Where the current answer stands: a disk may complete before {@code status} has returned. */
  private boolean calling;
  private boolean again;

  LayoutStatus(VolumeLayout layout, int leg, BlockDevice[] disks, long offset, long length, StatusSink sink) {
    this.layout = layout;
    this.leg = leg;
    this.disks = disks;
    this.sink = sink;
    this.cursor = offset;
    this.end = offset + length;
  }

  void next() {
    again = true;
    if (calling) return;
    calling = true;
    while (again) {
      again = false;
      first = true;
      layout.pieces(leg, cursor, Math.min(end - cursor, stepBytes()), this);
      asked++;
      answered = false;
      disks[disk].status(diskOffset, pieceLength, this);
    }
    calling = false;
  }

  /** Only the first piece is wanted; do not walk all stripe units of a huge range to find it. */
  private long stepBytes() {
    var segments = layout.segments(leg);
    int low = 0;
    int high = segments.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments.get(middle).start() <= cursor) low = middle;
      else high = middle - 1;
    }
    var segment = segments.get(low);
    return segment.columns() == 1 ? segment.end() - cursor : segment.stripeUnit();
  }

  @Override
  public void piece(int disk, long diskOffset, long volumeOffset, long length) {
    if (!first) return;
    first = false;
    this.disk = disk;
    this.diskOffset = diskOffset;
    this.pieceLength = length;
  }

  @Override
  public void range(long length, int flags) {
    long shown = Math.min(length, pieceLength);
    if (shown <= 0) return;
    answered = true;
    pieceLength -= shown;
    cursor += shown;
    if (joined > 0 && flags != joinedFlags) hand();
    joined += shown;
    joinedFlags = flags;
  }

  private void hand() {
    if (joined > 0) sink.range(joined, joinedFlags);
    joined = 0;
  }

  @Override
  public void completed(int error) {
    boolean stuck = error == IoError.OK && !answered;
    if (error == IoError.OK && !stuck && cursor < end && asked < MAX_PIECES) {
      next();
      return;
    }
    hand();
    sink.completed(stuck ? IoError.EIO : error);
  }
}
