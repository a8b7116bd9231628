package sluice.nbd.internal.server;

import sluice.api.block.BlockRequest;

/** A client's request on its way through the device; pooled by its connection. */
final class ServerRequest extends BlockRequest {
  private final Transmission owner;
  /** The client's name for it ("Request message"); opaque. */
  long cookie;

  ServerRequest(Transmission owner) {
    this.owner = owner;
  }

  @Override
  public void completed(int error) {
    owner.completed(this, error);
  }
}
