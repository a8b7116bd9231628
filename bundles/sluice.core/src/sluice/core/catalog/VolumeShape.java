package sluice.core.catalog;

import sluice.core.layout.LayoutRules;
import sluice.protocol.v1.Pool;

/**
 * Sizes that follow from a pool's unit and a volume's striping.
 *
 * @param columns 1: linear
 * @param stripeUnitBytes kept for linear volumes too, though nothing depends on it there
 * @param unitBytes the pool's
 */
record VolumeShape(int columns, long stripeUnitBytes, long unitBytes) {
  /** @param stripes 0 and 1: linear; @param stripeUnit 0: 64 KiB */
  static VolumeShape of(Pool pool, String volume, int stripes, long stripeUnit) {
    if (stripes < 0 || stripes > CatalogLimits.STRIPES) {
      throw Refusal.invalid("Volume " + volume + " cannot have " + Integer.toUnsignedString(stripes) + " stripes",
          "a volume has 1 to " + CatalogLimits.STRIPES, "choose fewer stripes");
    }
    long bytes = stripeUnit == 0 ? CatalogLimits.DEFAULT_STRIPE_UNIT_BYTES : stripeUnit;
    if (!LayoutRules.isStripeUnit(bytes)) {
      throw Refusal.invalid("The stripe unit of volume " + volume + " cannot be " + FieldRules.bytes(bytes),
          "a stripe unit is a power of two from " + FieldRules.bytes(LayoutRules.MIN_STRIPE_UNIT_BYTES) + " to "
              + FieldRules.bytes(LayoutRules.MAX_STRIPE_UNIT_BYTES), "choose one like 64KiB, or none");
    }
    return new VolumeShape(Math.max(1, stripes), bytes, pool.getUnitBytes());
  }

  /** Columns are multiples of it: both are powers of two, so the larger is a multiple of the other. */
  long granule() {
    return columns == 1 ? unitBytes : Math.max(unitBytes, stripeUnitBytes);
  }

  /** The volume's size: what was asked for, rounded up to the unit. */
  long size(String volume, long asked) {
    FieldRules.size("volume " + volume, asked);
    return roundUp(volume, asked, unitBytes);
  }

  /** Of each column, to hold so many bytes. */
  long columnBytes(String volume, long bytes) {
    long column = roundUp(volume, (bytes - 1) / columns + 1, granule());
    if (column > Long.MAX_VALUE / columns) throw tooLarge(volume);
    return column;
  }

  private static long roundUp(String volume, long bytes, long to) {
    if (bytes > Long.MAX_VALUE - to) throw tooLarge(volume);
    return (bytes + to - 1) / to * to;
  }

  static Refusal tooLarge(String volume) {
    return Refusal.invalid("Volume " + volume + " would be too large", "a volume is below 8 EiB", "choose a smaller size");
  }
}
