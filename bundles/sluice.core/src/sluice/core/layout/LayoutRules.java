package sluice.core.layout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sluice.protocol.LegExtents;
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

  /** Of a volume; for the time of a move there is one more, which replaces one of them. */
  public static final int MAX_LEGS = 4;
  /** Of write intents in a slot's bitmap, so that a slot's block is 4096 bytes. */
  public static final int MAX_REGIONS = 32_000;
  public static final long MIN_REGION_BYTES = 1 << 20;
  /** Beside each leg: 128 slots of two blocks of 4096 bytes. In pools with a larger unit the extent is one unit. */
  public static final long INTENTS_BYTES = 1 << 20;
  /** Of write intents; slots 1 to this one are for hosts, slot 0 is the server's. */
  public static final int LAST_SLOT = 127;

  private LayoutRules() {}

  /** Bytes of the volume for each write intent: the smallest power of two from 1 MiB on of which 32,000 cover it. */
  public static long regionBytes(long sizeBytes) {
    long region = MIN_REGION_BYTES;
    while ((sizeBytes - 1) / region >= MAX_REGIONS) region *= 2;
    return region;
  }

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
    int legs = Math.max(1, volume.getLayout().getLegsCount());
    if (legs > MAX_LEGS + (LegExtents.replacing(volume.getLayout()) < 0 ? 0 : 1)) return Optional.of("it has " + legs + " legs");
    List<Integer> common = new ArrayList<>();
    for (int l = 0; l < legs; l++) {
      if (!LegExtents.own(volume.getLayout(), l)) {
        common.add(l);
        continue;
      }
      if (l == 0) return Optional.of("its first leg has segments of its own");
      List<Segment> own = LegExtents.segments(volume.getLayout(), l);
      int columns = own.get(0).getLegsCount() == 1 ? own.get(0).getLegs(0).getColumnsCount() : 0;
      if (columns < 1 || columns > MAX_STRIPES) return Optional.of("a leg of it has " + columns + " stripes");
      Optional<String> broken = broken(volume.getSizeBytes(), own, columns, 1, List.of(0));
      if (broken.isPresent()) return broken;
    }
    Optional<String> broken = broken(volume.getSizeBytes(), volume.getLayout().getSegmentsList(), stripes, legs, common);
    return broken.isPresent() ? broken : LegRules.broken(volume);
  }

  private static Optional<String> broken(long size, List<Segment> segments, int stripes, int legs, List<Integer> present) {
    if (segments.size() > MAX_SEGMENTS) return Optional.of("its layout has too many segments");
    long end = 0;
    for (Segment segment : segments) {
      if (segment.getStartBytes() != end) return Optional.of("its segments do not adjoin at byte " + end);
      Optional<String> broken = broken(segment, stripes, legs, present);
      if (broken.isPresent()) return broken;
      if (end > Long.MAX_VALUE - segment.getLengthBytes()) return Optional.of("its segments are longer than 8 EiB");
      end += segment.getLengthBytes();
    }
    return end < size ? Optional.of("its segments end before the volume does") : Optional.empty();
  }

  private static Optional<String> broken(Segment segment, int stripes, int legs, List<Integer> present) {
    String where = "its segment at byte " + segment.getStartBytes();
    long length = segment.getLengthBytes();
    if (length <= 0 || length % stripes != 0) return Optional.of(where + " has a length of " + length);
    if (!isStripeUnit(segment.getStripeUnitBytes())) return Optional.of(where + " has a wrong stripe unit");
    if (stripes > 1 && length / stripes % segment.getStripeUnitBytes() != 0) {
      return Optional.of(where + " ends within a stripe unit");
    }
    if (segment.getLegsCount() != legs) return Optional.of(where + " has " + segment.getLegsCount() + " legs");
    for (int l = 0; l < legs; l++) {
      Leg leg = segment.getLegs(l);
      if (!present.contains(l)) {
        if (leg.getColumnsCount() != 0) return Optional.of(where + " has columns of a leg that has segments of its own");
        continue;
      }
      Optional<String> broken = broken(leg, where, length, stripes);
      if (broken.isPresent()) return broken;
    }
    return Optional.empty();
  }

  private static Optional<String> broken(Leg leg, String where, long length, int stripes) {
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
