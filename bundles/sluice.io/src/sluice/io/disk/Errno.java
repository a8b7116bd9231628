package sluice.io.disk;

import sluice.api.block.IoError;

/** What the kernel's error numbers mean for a request that was checked before it was sent. Pure. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int ENODEV = 19;
  static final int EFBIG = 27;
  static final int ENOSYS = 38;
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = 122;

  private Errno() {}

  /** @param errno positive */
  static int toIoError(int errno) {
    return switch (errno) {
      case 0 -> IoError.OK;
      case IoError.ENOSPC, EDQUOT, EFBIG -> IoError.ENOSPC;
      case IoError.ENXIO, ENODEV -> IoError.ENXIO;
      case IoError.ENOMEM, IoError.EROFS, IoError.ETIMEDOUT, EPERM -> errno;
      // EINVAL among them: the request was in order, so it is the disk that cannot, and another way may.
      default -> IoError.EIO;
    };
  }

  static boolean unsupported(int errno) {
    return errno == EOPNOTSUPP || errno == ENOSYS;
  }

  static boolean transientFailure(int errno) {
    return errno == EINTR || errno == EAGAIN;
  }
}
