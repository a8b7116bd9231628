package sluice.nbd.internal.client;

import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;
import sluice.nbd.internal.Nbd;

/** What is sent for a request, given what the server offers ("Transmission flags"). Pure. */
final class WirePlan {
  /** TRIM and BLOCK_STATUS have no payload in the way of large ranges, but their length has 32 bits. */
  static final long MAX_RANGE = 1 << 30;

  private final Offer offer;
  private final BlockTraits traits;
  private final long maxPayload;

  WirePlan(Offer offer, boolean readOnly) {
    this.offer = offer;
    this.traits = offer.traits(readOnly);
    this.maxPayload = offer.maxPayload();
  }

  BlockTraits traits() {
    return traits;
  }

  /** 0, or the error that the request ends with before anything is sent. */
  int check(BlockOp op, long offset, long length) {
    if (op == BlockOp.FLUSH) return IoError.OK;
    if (op.changesData() && traits.readOnly()) return IoError.EROFS;
    boolean writes = op == BlockOp.WRITE || op == BlockOp.WRITE_ZEROES;
    if (offset < 0 || length < 0) return IoError.EINVAL;
    if (offset > traits.size() || length > traits.size() - offset) return writes ? IoError.ENOSPC : IoError.EINVAL;
    if (op.hasPayload() && length > BlockDevice.MAX_TRANSFER) return IoError.EINVAL;
    return ((offset | length) & (traits.alignment() - 1)) != 0 ? IoError.EINVAL : IoError.OK;
  }

  /** @return false if there is nothing to send and the request is done */
  boolean plan(Operation operation, BlockRequest request) {
    boolean fua = request.fua() && request.op.changesData();
    int flags = fua && offer.has(Nbd.FLAG_SEND_FUA) ? Nbd.CMD_FLAG_FUA : 0;
    operation.flushAfter = fua && flags == 0 && offer.has(Nbd.FLAG_SEND_FLUSH);
    long offset = request.offset;
    long length = request.length;
    if (request.op != BlockOp.FLUSH && length == 0) return false;
    switch (request.op) {
      case READ -> operation.set(Nbd.CMD_READ, 0, offset, length, maxPayload);
      case WRITE -> operation.set(Nbd.CMD_WRITE, flags, offset, length, maxPayload);
      case FLUSH -> {
        // Only a read-only export may be without it, and has nothing to make stable.
        if (!offer.has(Nbd.FLAG_SEND_FLUSH)) return false;
        operation.set(Nbd.CMD_FLUSH, 0, 0, 0, 0);
      }
      case TRIM -> {
        if (!offer.has(Nbd.FLAG_SEND_TRIM)) return false;
        operation.set(Nbd.CMD_TRIM, flags, offset, length, MAX_RANGE);
      }
      case WRITE_ZEROES -> {
        if (offer.has(Nbd.FLAG_SEND_WRITE_ZEROES)) {
          if ((request.flags & BlockRequest.NO_HOLE) != 0) flags |= Nbd.CMD_FLAG_NO_HOLE;
          operation.set(Nbd.CMD_WRITE_ZEROES, flags, offset, length, maxPayload);
        } else {
          operation.set(Nbd.CMD_WRITE, flags, offset, length, Math.min(maxPayload, Requests.ZEROES));
          operation.zeroes = true;
        }
      }
      case CACHE -> {
        if (!offer.has(Nbd.FLAG_SEND_CACHE)) return false;
        operation.set(Nbd.CMD_CACHE, 0, offset, length, maxPayload);
      }
    }
    return true;
  }

  /** A question about allocation; a prefix of what was asked is answer enough. */
  void planStatus(Operation operation, long offset, long length) {
    operation.set(Nbd.CMD_BLOCK_STATUS, 0, offset, Math.min(length, MAX_RANGE), MAX_RANGE);
  }

  boolean answersStatus() {
    return offer.statusContext() >= 0;
  }

  int statusContext() {
    return offer.statusContext();
  }

  boolean structured() {
    return offer.structured();
  }
}
