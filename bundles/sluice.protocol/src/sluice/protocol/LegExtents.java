package sluice.protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

/** Where one leg of a volume lies, whether in the volume's segments or in segments of its own. Any thread. */
public final class LegExtents {
  private LegExtents() {}

  /** Is it striped in another way than leg 0? */
  public static boolean own(Layout layout, int leg) {
    return leg < layout.getLegsCount() && layout.getLegs(leg).getOwnSegmentsCount() > 0;
  }

  /** Segments of which {@link #columns} tells the leg's columns. */
  public static List<Segment> segments(Layout layout, int leg) {
    return own(layout, leg) ? layout.getLegs(leg).getOwnSegmentsList() : layout.getSegmentsList();
  }

  /** @param segment one of {@link #segments} */
  public static List<Extent> columns(Layout layout, int leg, Segment segment) {
    return segment.getLegs(own(layout, leg) ? 0 : leg).getColumnsList();
  }

  /** In the order of the volume's bytes, without the write intents. */
  public static List<Extent> of(Layout layout, int leg) {
    List<Extent> extents = new ArrayList<>();
    for (Segment s : segments(layout, leg)) extents.addAll(columns(layout, leg, s));
    return extents;
  }

  /** How many stripes it has; 1: linear. */
  public static int stripes(Layout layout, int leg) {
    List<Segment> segments = segments(layout, leg);
    return segments.isEmpty() ? 1 : Math.max(1, columns(layout, leg, segments.get(0)).size());
  }

  public static long stripeUnit(Layout layout, int leg) {
    List<Segment> segments = segments(layout, leg);
    return segments.isEmpty() ? 0 : segments.get(0).getStripeUnitBytes();
  }

  /** Ids of the disks of a leg, with that of its write intents. */
  public static Set<String> disks(Layout layout, int leg) {
    Set<String> disks = new LinkedHashSet<>();
    for (Extent e : of(layout, leg)) disks.add(e.getDiskId());
    if (leg < layout.getLegsCount() && layout.getLegs(leg).hasIntents()) disks.add(layout.getLegs(leg).getIntents().getDiskId());
    return disks;
  }

  /** Ids of the disks of all legs. */
  public static Set<String> disks(Layout layout) {
    Set<String> disks = new LinkedHashSet<>();
    for (int l = 0; l < Math.max(1, layout.getLegsCount()); l++) disks.addAll(disks(layout, l));
    return disks;
  }

  /** Index of the leg that a leg is to replace; -1: none. */
  public static int replaced(Layout layout, int leg) {
    String id = leg < layout.getLegsCount() ? layout.getLegs(leg).getReplacesLegId() : "";
    for (int l = 0; !id.isEmpty() && l < layout.getLegsCount(); l++) if (layout.getLegs(l).getId().equals(id)) return l;
    return -1;
  }

  /** Index of the leg that is to replace another, of which there is one at most; -1: none. */
  public static int replacing(Layout layout) {
    for (int l = 0; l < layout.getLegsCount(); l++) if (!layout.getLegs(l).getReplacesLegId().isEmpty()) return l;
    return -1;
  }

  /** Copies in their own right that are in sync, of how many. */
  public static int good(Volume volume) {
    int good = 0;
    for (LegInfo leg : volume.getLayout().getLegsList()) {
      if (leg.getReplacesLegId().isEmpty() && leg.getState() == LegInfo.State.IN_SYNC) good++;
    }
    return good;
  }

  /** Copies in their own right; 0 for a volume without leg states. */
  public static int copies(Volume volume) {
    return volume.getLayout().getLegsCount() - (replacing(volume.getLayout()) < 0 ? 0 : 1);
  }

  /** Extents of a leg that are not also those of the leg that it is to replace. */
  public static List<Extent> moved(Layout layout, int leg) {
    List<Extent> moved = of(layout, leg);
    int replaced = replaced(layout, leg);
    if (replaced >= 0) moved.removeAll(of(layout, replaced));
    return moved;
  }

  public static long bytes(List<Extent> extents) {
    long bytes = 0;
    for (Extent e : extents) bytes += e.getLengthBytes();
    return bytes;
  }
}
