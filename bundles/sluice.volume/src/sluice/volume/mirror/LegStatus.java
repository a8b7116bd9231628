package sluice.volume.mirror;

import java.util.List;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.IoError;

/** Hands on what one leg says; if it fails before it has said anything, asks the next one in sync. */
final class LegStatus implements StatusSink {
  private final List<MirrorLeg> legs;
  private final MirrorLeg first;
  private final long offset;
  private final long length;
  private final StatusSink sink;
  private boolean said;
  private int next;

  LegStatus(List<MirrorLeg> legs, MirrorLeg first, long offset, long length, StatusSink sink) {
    this.legs = legs;
    this.first = first;
    this.offset = offset;
    this.length = length;
    this.sink = sink;
  }

  @Override
  public void range(long rangeLength, int flags) {
    said = true;
    sink.range(rangeLength, flags);
  }

  @Override
  public void completed(int error) {
    while (error != IoError.OK && !said && next < legs.size()) {
      MirrorLeg leg = legs.get(next++);
      if (leg == first || !leg.inSync()) continue;
      leg.device.status(offset, length, this);
      return;
    }
    sink.completed(said ? IoError.OK : error);
  }
}
