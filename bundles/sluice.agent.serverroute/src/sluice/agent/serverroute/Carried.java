package sluice.agent.serverroute;

import sluice.api.block.BlockRequest;

/** A router's request on its way through this route; pooled. It may travel over several links, one after the other. */
final class Carried extends BlockRequest {
  private final Carrier carrier;
  BlockRequest parent;
  Carrier.Line line;
  Carried next;

  Carried(Carrier carrier) {
    this.carrier = carrier;
  }

  void begin(BlockRequest request) {
    parent = request;
    set(request.op, request.flags, request.offset, request.length);
    buffer = request.buffer;
    bufferIndex = request.bufferIndex;
  }

  @Override
  public void completed(int error) {
    carrier.ended(this, error);
  }
}
