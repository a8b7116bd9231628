package sluice.nbd.internal;

import sluice.api.block.IoError;

/** Between a device's error numbers and the few that may go over the wire ("Error values"). */
public final class WireErrors {
  private WireErrors() {}

  /**
   * What a client is told: nothing outside the protocol's set, and no more than it can act on. A way that is gone is no failure
   * of the medium, and a router that has met one may wait for the other; "not able to serve now" is the nearest there is.
   */
  public static int toWire(int error) {
    return switch (error) {
      case IoError.OK, IoError.EPERM, IoError.EIO, IoError.ENOMEM, IoError.EINVAL, IoError.ENOSPC, IoError.EOVERFLOW,
          IoError.ENOTSUP, IoError.ESHUTDOWN -> error;
      case IoError.EROFS -> IoError.EPERM;
      case IoError.ENXIO -> IoError.ESHUTDOWN;
      default -> IoError.EIO;
    };
  }

  /**
   * What a server's error means here. The document says to treat an unknown value as EINVAL; that would tell a router
   * that the request itself is wrong and keep it from trying another way, so an unknown value counts as EIO.
   */
  public static int fromWire(int error) {
    return switch (error) {
      case IoError.EPERM, IoError.EIO, IoError.ENOMEM, IoError.EINVAL, IoError.ENOSPC, IoError.EOVERFLOW,
          IoError.ENOTSUP, IoError.ESHUTDOWN -> error;
      default -> IoError.EIO;
    };
  }
}
