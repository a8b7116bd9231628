package sluice.server.volumes;

import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoLoop;

/** Counts requests and bytes on their way in; allocates nothing. */
final class CountedDevice implements BlockDevice {
  private final BlockDevice device;
  private final RouteCounters counters;

  CountedDevice(BlockDevice device, RouteCounters counters) {
    this.device = device;
    this.counters = counters;
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
    int op = request.op.ordinal();
    counters.requests[op].increment();
    counters.bytes[op].add(request.length);
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
