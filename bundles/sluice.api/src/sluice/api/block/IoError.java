package sluice.api.block;

/**
 * What a request can end with. Numbers are Linux errno values, which are also NBD's (NBD protocol, "Error values"),
 * so that nothing needs translating on the data path.
 */
public final class IoError {
  public static final int OK = 0;
  public static final int EPERM = 1;
  /** The medium failed. */
  public static final int EIO = 5;
  public static final int ENOMEM = 12;
  /** The way to the device is gone; the request has not taken and will not take effect by this way any more. */
  public static final int ENXIO = 6;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EOVERFLOW = 75;
  public static final int ENOTSUP = 95;
  /** The layout under which the request was sent is not valid any more. */
  public static final int ESTALE = 116;
  /** The device is closing. */
  public static final int ESHUTDOWN = 108;
  public static final int ETIMEDOUT = 110;
  public static final int ECANCELED = 125;

  private IoError() {}

  /** Would another way to the same bytes have a chance? False for requests that are wrong in themselves. */
  public static boolean redirectable(int error) {
    return switch (error) {
      case OK, EINVAL, EROFS, EPERM, EOVERFLOW, ENOSPC, ENOTSUP -> false;
      default -> true;
    };
  }

  /** For people. */
  public static String text(int error) {
    return switch (error) {
      case OK -> "no error";
      case EPERM -> "not permitted";
      case EIO -> "the disk reported an I/O error";
      case ENXIO -> "the way to the disk is gone";
      case ENOMEM -> "out of memory";
      case EINVAL -> "invalid request";
      case ENOSPC -> "no space left on the disk";
      case EROFS -> "read-only";
      case EOVERFLOW -> "too large";
      case ENOTSUP -> "not supported by the disk";
      case ESTALE -> "the layout has changed";
      case ESHUTDOWN -> "shutting down";
      case ETIMEDOUT -> "no answer in time";
      case ECANCELED -> "cancelled";
      default -> "error " + error;
    };
  }
}
