package sluice.cli;

import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Bytes a second, as people type and read them. Pure. */
final class Rates {
  private Rates() {}

  /** "50MiB/s", "50M", or "none", which is 0. */
  static long parse(String typed) {
    if (typed.equals("none")) return 0;
    String size = typed.endsWith("/s") ? typed.substring(0, typed.length() - 2) : typed;
    try {
      long bytes = ByteSize.parse(size).bytes();
      if (bytes > 0) return bytes;
    } catch (SluiceException e) {
      // said below, in words of rates
    }
    throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "'" + typed + "' is no rate", "", "give bytes a second like 50MiB/s, or 'none'");
  }

  /** @param none what 0 means */
  static String words(long bytesPerSecond, String none) {
    return bytesPerSecond == 0 ? none : new ByteSize(bytesPerSecond) + "/s";
  }
}
