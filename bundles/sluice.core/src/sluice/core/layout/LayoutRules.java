package sluice.core.layout;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

/** What must be true of every layout, whoever it comes from: a disk's metadata, a snapshot, a server. */
public final class LayoutRules {
  public static final int MAX_STRIPES = 64;
  public static final long MIN_STRIPE_UNIT_BYTES = 4 << 10;
  public static final long MAX_STRIPE_UNIT_BYTES = 16 << 20;
  /** So that a layout stays small enough to be sent in one frame and searched in a moment. */
  public static final int MAX_SEGMENTS = 1024;

  private LayoutRules() {}

  /** A power of two from 4 KiB to 16 MiB. */
  public static boolean isStripeUnit(long bytes) {
    return bytes >= MIN_STRIPE_UNIT_BYTES && bytes <= MAX_STRIPE_UNIT_BYTES && Long.bitCount(bytes) == 1;
  }

  /**
   * The first rule that the volume's layout breaks, as a clause; empty if it keeps them all. Whether its extents lie
   * on the disks that are there, and not on another volume's, only the pool can tell.
   */
  public static Optional<String> broken(Volume volume) {
    int stripes = Math.max(1, volume.getStripes());
    if (volume.getStripes() < 0 || stripes > MAX_STRIPES) return Optional.of(volume.getStripes() + " stripes");
    if (volume.getSizeBytes() <= 0) return Optional.of("it has no size");
    if (volume.getLayout().getEpoch() <= 0) return Optional.of("its layout has no epoch");
    if (volume.getLayout().getSegmentsCount() > MAX_SEGMENTS) return Optional.of("its layout has too many segments");
    long end = 0;
    for (Segment segment : volume.getLayout().getSegmentsList()) {
      if (segment.getStartBytes() != end) return Optional.of("its segments do not adjoin at byte " + end);
      Optional<String> broken = broken(segment, stripes);
      if (broken.isPresent()) return broken;
      if (end > Long.MAX_VALUE - segment.getLengthBytes()) return Optional.of("its segments are longer than 8 EiB");
      end += segment.getLengthBytes();
    }
    return end < volume.getSizeBytes() ? Optional.of("its segments end before the volume does") : Optional.empty();
  }

  private static Optional<String> broken(Segment segment, int stripes) {
    String where = "its segment at byte " + segment.getStartBytes();
    long length = segment.getLengthBytes();
    if (length <= 0 || length % stripes != 0) return Optional.of(where + " has a length of " + length);
    if (!isStripeUnit(segment.getStripeUnitBytes())) return Optional.of(where + " has a wrong stripe unit");
    if (stripes > 1 && length / stripes % segment.getStripeUnitBytes() != 0) {
      return Optional.of(where + " ends within a stripe unit");
    }
    // copies (legs) come with replication; until then more than one is of a later program
    if (segment.getLegsCount() != 1) return Optional.of(where + " has " + segment.getLegsCount() + " legs");
    Leg leg = segment.getLegs(0);
    if (leg.getColumnsCount() != stripes) return Optional.of(where + " has " + leg.getColumnsCount() + " columns");
    Set<String> disks = new HashSet<>();
    for (Extent extent : leg.getColumnsList()) {
      if (extent.getLengthBytes() != length / stripes) return Optional.of(where + " has extents of a wrong length");
      if (extent.getOffsetBytes() < 0 || extent.getOffsetBytes() > Long.MAX_VALUE - extent.getLengthBytes()) {
        return Optional.of(where + " lies beyond the end of any disk");
      }
      if (extent.getDiskId().isEmpty()) return Optional.of(where + " names no disk");
      if (!disks.add(extent.getDiskId())) return Optional.of(where + " has two columns on one disk");
    }
    return Optional.empty();
  }
}
