package sluice.nbd.internal.server;

import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;
import sluice.nbd.internal.Nbd;

/**
 * What a server checks before a device sees a request ("Request types", "Error values"). Pure.
 *
 * <p>Alignment is left to the device.
 */
final class RequestRules {
  private final long size;
  private final boolean readOnly;
  private final boolean fastZeroes;
  private final boolean structured;
  private final boolean statusSelected;

  /** @param statusSelected at least one metadata context has been selected */
  RequestRules(long size, boolean readOnly, boolean fastZeroes, boolean structured, boolean statusSelected) {
    this.size = size;
    this.readOnly = readOnly;
    this.fastZeroes = fastZeroes;
    this.structured = structured;
    this.statusSelected = statusSelected;
  }

  /**
   * @param offset as it came, unsigned
   * @param length as it came, 0 to 2^32 - 1
   * @return 0 if the device may be asked, else the error to answer with
   */
  int check(int command, int flags, long offset, long length) {
    if ((flags & ~flagsOf(command)) != 0) return IoError.EINVAL;
    return switch (command) {
      case Nbd.CMD_FLUSH -> IoError.OK;
      case Nbd.CMD_READ -> length > Nbd.MAX_PAYLOAD ? IoError.EINVAL : range(offset, length, IoError.EINVAL);
      case Nbd.CMD_WRITE -> {
        if (readOnly) yield IoError.EPERM;
        yield length > Nbd.MAX_PAYLOAD ? IoError.EINVAL : range(offset, length, IoError.ENOSPC);
      }
      case Nbd.CMD_TRIM -> readOnly ? IoError.EPERM : range(offset, length, IoError.EINVAL);
      case Nbd.CMD_CACHE -> range(offset, length, IoError.EINVAL);
      case Nbd.CMD_WRITE_ZEROES -> {
        if (readOnly) yield IoError.EPERM;
        int error = range(offset, length, IoError.ENOSPC);
        yield error == 0 && (flags & Nbd.CMD_FLAG_FAST_ZERO) != 0 && !fastZeroes ? IoError.ENOTSUP : error;
      }
      case Nbd.CMD_BLOCK_STATUS -> !statusSelected || length == 0 ? IoError.EINVAL : range(offset, length, IoError.EINVAL);
      default -> IoError.EINVAL;
    };
  }

  /** "Command flags": FUA is taken with every command, as it is advertised. */
  private int flagsOf(int command) {
    return Nbd.CMD_FLAG_FUA | switch (command) {
      case Nbd.CMD_READ -> structured ? Nbd.CMD_FLAG_DF : 0;
      case Nbd.CMD_WRITE_ZEROES -> Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FAST_ZERO;
      case Nbd.CMD_BLOCK_STATUS -> Nbd.CMD_FLAG_REQ_ONE;
      default -> 0;
    };
  }

  private int range(long offset, long length, int pastTheEnd) {
    return offset < 0 || offset > size || length > size - offset ? pastTheEnd : IoError.OK;
  }

  /** Null for what is not a device's operation. */
  static BlockOp op(int command) {
    return switch (command) {
      case Nbd.CMD_READ -> BlockOp.READ;
      case Nbd.CMD_WRITE -> BlockOp.WRITE;
      case Nbd.CMD_FLUSH -> BlockOp.FLUSH;
      case Nbd.CMD_TRIM -> BlockOp.TRIM;
      case Nbd.CMD_CACHE -> BlockOp.CACHE;
      case Nbd.CMD_WRITE_ZEROES -> BlockOp.WRITE_ZEROES;
      default -> null;
    };
  }

  static int deviceFlags(BlockOp op, int flags) {
    int result = 0;
    if (op.changesData() && (flags & Nbd.CMD_FLAG_FUA) != 0) result |= BlockRequest.FUA;
    if (op == BlockOp.WRITE_ZEROES && (flags & Nbd.CMD_FLAG_NO_HOLE) != 0) result |= BlockRequest.NO_HOLE;
    return result;
  }
}
