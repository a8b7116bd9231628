package sluice.server.volumes;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.io.device.ForwardingDevice;

/** A volume's device as one ticket may use it: once the ticket is shut, everything ends with ENXIO. Allocates nothing. */
final class GateDevice extends ForwardingDevice {
  private final RouteTicket ticket;

  GateDevice(BlockDevice device, RouteTicket ticket) {
    super(device);
    this.ticket = ticket;
  }

  @Override
  public void submit(BlockRequest request) {
    if (ticket.isShut()) request.completed(IoError.ENXIO);
    else device.submit(request);
  }

  @Override
  public void status(long offset, long length, StatusSink sink) {
    if (ticket.isShut()) sink.completed(IoError.ENXIO);
    else device.status(offset, length, sink);
  }

  /** The volume's device is shared and stays open. */
  @Override
  public CompletionStage<Void> close() {
    return CompletableFuture.completedFuture(null);
  }
}
