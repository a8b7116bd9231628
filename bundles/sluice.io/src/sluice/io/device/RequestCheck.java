package sluice.io.device;

import sluice.api.block.BlockDevice;
import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.BlockTraits;
import sluice.api.block.IoError;

/** What every device asks of a request before it does anything. Pure. */
public final class RequestCheck {
  private RequestCheck() {}

  /**
   * 0 if the device may carry the request out, otherwise the error to end it with: EROFS for changes of a read-only
   * device; EINVAL for ranges past the end (ENOSPC for WRITE and WRITE_ZEROES, as NBD has it), READ and WRITE above
   * {@link BlockDevice#MAX_TRANSFER}, data outside the buffer, and what is not aligned: range for all, memory for
   * READ and WRITE.
   */
  public static int error(BlockRequest request, BlockTraits traits) {
    BlockOp op = request.op;
    if (op == BlockOp.FLUSH) return IoError.OK;
    if (traits.readOnly() && op.changesData()) return IoError.EROFS;
    long offset = request.offset;
    long length = request.length;
    if (offset < 0 || length < 0) return IoError.EINVAL;
    if (offset > traits.size() || length > traits.size() - offset) {
      return op == BlockOp.WRITE || op == BlockOp.WRITE_ZEROES ? IoError.ENOSPC : IoError.EINVAL;
    }
    int mask = traits.alignment() - 1;
    if (((offset | length) & mask) != 0) return IoError.EINVAL;
    return op.hasPayload() ? payloadError(request, mask) : IoError.OK;
  }

  private static int payloadError(BlockRequest request, int mask) {
    if (request.length > BlockDevice.MAX_TRANSFER) return IoError.EINVAL;
    if (request.length == 0) return IoError.OK;
    if (request.buffer == null || request.bufferIndex < 0) return IoError.EINVAL;
    if (request.bufferIndex + request.length > request.buffer.bytes().capacity()) return IoError.EINVAL;
    if (mask != 0 && ((request.buffer.address() + request.bufferIndex) & mask) != 0) return IoError.EINVAL;
    return IoError.OK;
  }

  /** Whether there is nothing to do. */
  public static boolean empty(BlockRequest request) {
    return request.length == 0 && request.op != BlockOp.FLUSH;
  }
}
