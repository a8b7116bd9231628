package sluice.server.volumes;

import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.io.device.ForwardingDevice;

/** Counts requests and bytes on their way in; allocates nothing. */
final class CountedDevice extends ForwardingDevice {
  private final RouteCounters counters;

  CountedDevice(BlockDevice device, RouteCounters counters) {
    super(device);
    this.counters = counters;
  }

  @Override
  public void submit(BlockRequest request) {
    int op = request.op.ordinal();
    counters.requests[op].increment();
    counters.bytes[op].add(request.length);
    device.submit(request);
  }
}
