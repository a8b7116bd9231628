package sluice.cli.demo;

import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.io.device.ForwardingDevice;

/** A device that answers everything with an I/O error while one of its switches is on, as a broken cable or disk does. */
final class BreakableDevice extends ForwardingDevice {
  /** Set on any thread; read on the loop. */
  static final class Switch {
    volatile boolean broken;
  }

  /** Told of what was answered with an error. On the loop. */
  interface Witness {
    void refused(BlockRequest request);
  }

  private final Witness witness;
  private final Switch way;
  private final Switch disk;

  /** @param way of one host to all disks; @param disk for everybody */
  BreakableDevice(BlockDevice device, Switch way, Switch disk, Witness witness) {
    super(device);
    this.witness = witness;
    this.way = way;
    this.disk = disk;
  }

  private boolean broken() {
    return way.broken || disk.broken;
  }

  @Override
  public void submit(BlockRequest request) {
    if (!broken()) {
      device.submit(request);
      return;
    }
    witness.refused(request);
    request.completed(IoError.EIO);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (broken()) sink.completed(IoError.EIO);
    else device.status(offset, length, sink);
  }
}
