package sluice.core.layout;

import java.util.ArrayList;
import java.util.List;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

/**
 * The space that a layout has past its volume's end: a volume that became smaller keeps it until every holder is under the
 * new epoch. Less than one granule for each column is no tail, since columns are made of whole ones.
 */
public final class LayoutTail {
  private LayoutTail() {}

  /** @param unitBytes of the pool */
  public static boolean has(Volume volume, long unitBytes) {
    return !cut(volume, unitBytes).equals(volume.getLayout().getSegmentsList());
  }

  /** The segments without it. @param unitBytes of the pool */
  public static List<Segment> cut(Volume volume, long unitBytes) {
    List<Segment> segments = new ArrayList<>();
    int columns = Math.max(1, volume.getStripes());
    for (Segment s : volume.getLayout().getSegmentsList()) {
      long wanted = volume.getSizeBytes() - s.getStartBytes();
      if (wanted <= 0) break;
      long granule = columns == 1 ? unitBytes : Math.max(unitBytes, s.getStripeUnitBytes());
      long column = ((wanted - 1) / columns / granule + 1) * granule;
      segments.add(column * columns >= s.getLengthBytes() ? s : shorter(s, column, columns));
    }
    return segments;
  }

  private static Segment shorter(Segment s, long column, int columns) {
    Segment.Builder shorter = s.toBuilder().setLengthBytes(column * columns).clearLegs();
    for (Leg leg : s.getLegsList()) {
      Leg.Builder l = Leg.newBuilder();
      for (Extent e : leg.getColumnsList()) l.addColumns(e.toBuilder().setLengthBytes(column));
      shorter.addLegs(l);
    }
    return shorter.build();
  }
}
