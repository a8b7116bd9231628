package sluice.testkit.host;

import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.testkit.check.History;
import sluice.testkit.cluster.Rig;
import sluice.testkit.disk.Platter;
import sluice.testkit.world.SimLoop;

/** One request of a workload, and what the history is told of it. */
final class UserIo extends BlockRequest {
  private final Rig rig;
  private final Workload workload;
  private final String who;
  private History.Writing writing;
  private History.Reading reading;

  UserIo(Rig rig, Workload workload, String who) {
    this.rig = rig;
    this.workload = workload;
    this.who = who;
  }

  History.Writing writing() {
    return writing;
  }

  void submit(BlockDevice device, SimLoop loop, BlockOp what, int flag, long from, long bytes) {
    set(what, flag, from, bytes);
    History history = rig.history(workload.volumeId());
    if (what.hasPayload()) {
      buffer = loop.buffers().take((int) bytes);
      bufferIndex = IoBuffer.HEADROOM;
    }
    long stamp = what == BlockOp.WRITE ? rig.nextStamp() : 0;
    if (what == BlockOp.WRITE) {
      for (long at = 0; at < bytes; at += Platter.SECTOR) buffer.bytes().putLong(bufferIndex + (int) at, stamp);
    }
    if (what.changesData()) writing = history.write(from, bytes, stamp);
    else if (what == BlockOp.READ) reading = history.read(from, bytes);
    rig.world().trace(() -> who + " begins " + words() + (writing == null ? "" : " " + Long.toHexString(stamp)));
    device.submit(this);
  }

  private String words() {
    return op + " " + offset / Platter.PAGE + "+" + length / Platter.PAGE + (fua() ? " FUA" : "") + " of " + workload.name();
  }

  @Override
  public void completed(int error) {
    rig.world().trace(() -> who + " ended " + words() + (error == IoError.OK ? "" : " " + IoError.text(error))
        + (writing == null ? "" : " " + writing));
    if (writing != null && error == IoError.OK) {
      writing.acknowledged();
      rig.checks().acknowledged(workload.volumeId(), writing, who);
    } else if (writing != null) {
      writing.ended();
    }
    if (reading != null && error == IoError.OK) {
      long[] stamps = new long[(int) (length / Platter.SECTOR)];
      for (int s = 0; s < stamps.length; s++) stamps[s] = buffer.bytes().getLong(bufferIndex + s * Platter.SECTOR);
      reading.returned(stamps, who);
    } else if (reading != null) {
      reading.over();
    }
    if (buffer != null) buffer.release();
    buffer = null;
    workload.ended(this, error);
  }
}
