package sluice.io.label;

import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Where things lie on a labelled disk. Pure.
 *
 * <pre>
 * 0                     label, first copy (4 KiB)
 * 1 MiB                 metadata, slot 0
 * 1 MiB + area          metadata, slot 1
 * 1 MiB + 2 × area      data, in whole MiB
 * capacity − 4 KiB      label, second copy
 * </pre>
 *
 * @param dataStart bytes
 * @param dataEnd bytes
 * @param metadataOffset bytes
 * @param metadataBytes of each of the two slots
 */
public record LabelLayout(long dataStart, long dataEnd, long metadataOffset, long metadataBytes) {
  public static final long MIN_DISK = 16L << 20;
  static final int BLOCK = 4096;
  private static final long MIB = 1 << 20;

  /** For a disk of that many bytes; fails with INVALID_ARGUMENT if it is smaller than {@link #MIN_DISK}. */
  public static LabelLayout of(long capacity) {
    if (capacity < MIN_DISK) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "the disk is too small",
          new ByteSize(capacity) + " of at least " + new ByteSize(MIN_DISK), "use a larger disk");
    }
    // A metadata slot holds some 20,000 volumes at 4 MiB; on a small disk it must not take the space of the data.
    long area = capacity >= 1L << 30 ? 4 * MIB : capacity >= 128 * MIB ? 2 * MIB : MIB;
    return new LabelLayout(MIB + 2 * area, secondCopy(capacity) & -MIB, MIB, area);
  }

  /** Offset of the second copy of the label on a disk of that many bytes. */
  static long secondCopy(long capacity) {
    return (capacity - BLOCK) & -BLOCK;
  }
}
