package sluice.io.device;

import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;

/** A device that passes everything on to another one; what is to be different is overridden. Allocates nothing. */
public abstract class ForwardingDevice implements BlockDevice {
  protected final BlockDevice device;

  protected ForwardingDevice(BlockDevice device) {
    this.device = device;
  }

  @Override
  public IoLoop loop() {
    return device.loop();
  }

  @Override
  public BlockTraits traits() {
    return device.traits();
  }

  @Override
  public void submit(BlockRequest request) {
    device.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    device.status(offset, length, sink);
  }

  @Override
  public CompletionStage<Void> close() {
    return device.close();
  }
}
