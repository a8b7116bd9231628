package sluice.nbd.internal.client;

import sluice.api.block.BlockTraits;
import sluice.nbd.internal.Nbd;

/**
 * What a server offers of an export, as haggling has brought out. Pure.
 *
 * @param flags transmission flags
 * @param minimum smallest block in bytes; 0 if the server did not say
 * @param preferred 0 if the server did not say
 * @param maximum largest payload in bytes, unsigned; 0 if the server did not say
 * @param structured structured replies
 * @param statusContext number of base:allocation; -1 if it was not selected
 */
record Offer(long size, int flags, int minimum, int preferred, int maximum, boolean structured, int statusContext) {
  static final int LARGEST_ALIGNMENT = 4096;
  private static final int DEFAULT_MINIMUM = 512;
  private static final int DEFAULT_PREFERRED = 4096;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Why the export cannot be a device here; null if it can. */
  String unusable(boolean readOnly) {
    if (size < 0) return "its size is larger than 8 EiB";
    if (minimum != 0 && (Integer.bitCount(minimum) != 1 || Integer.compareUnsigned(minimum, LARGEST_ALIGNMENT) > 0)) {
      return "its smallest block is " + Integer.toUnsignedString(minimum) + " bytes, more than " + LARGEST_ALIGNMENT + " or not a power of two";
    }
    if (maximum != 0 && Integer.compareUnsigned(maximum, LARGEST_ALIGNMENT) < 0) return "it takes no more than " + maximum + " bytes at once";
    if (!readOnly && !has(Nbd.FLAG_READ_ONLY) && !has(Nbd.FLAG_SEND_FLUSH)) {
      return "the server offers no FLUSH, so that nothing written to it could be made stable";
    }
    return null;
  }

  /** "Size constraints": without the server's word 512, for that is what all servers take, unless its end needs less. */
  int alignment() {
    if (minimum != 0) return minimum;
    return size % DEFAULT_MINIMUM == 0 ? DEFAULT_MINIMUM : 1;
  }

  /** Largest payload of one request; a multiple of the alignment. */
  int maxPayload() {
    int max = maximum == 0 || maximum < 0 ? Nbd.MAX_PAYLOAD : Math.min(maximum, Nbd.MAX_PAYLOAD);
    return max & -alignment();
  }

  BlockTraits traits(boolean readOnly) {
    int block = Integer.bitCount(preferred) == 1 && preferred > 0 ? preferred : DEFAULT_PREFERRED;
    return new BlockTraits(size, alignment(), Math.max(block, alignment()), readOnly || has(Nbd.FLAG_READ_ONLY),
        has(Nbd.FLAG_SEND_TRIM), has(Nbd.FLAG_SEND_WRITE_ZEROES), has(Nbd.FLAG_ROTATIONAL));
  }
}
