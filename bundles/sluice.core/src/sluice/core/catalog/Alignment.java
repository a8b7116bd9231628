package sluice.core.catalog;

import java.util.ArrayList;
import java.util.List;
import sluice.core.placement.PlacedSegment;
import sluice.core.space.DiskExtent;
import sluice.protocol.LegExtents;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;

/**
 * Legs that were laid out by themselves, as segments with the same boundaries for all of them: pieces are cut where any
 * leg's ends, and joined again where every leg goes on behind itself. A cut lies at a multiple of the stripe unit, since
 * pieces are made of whole granules, so it changes nothing of where a block lies.
 */
final class Alignment {
  /** Columns of one leg, of the same length each. */
  record Piece(long stripeUnitBytes, List<DiskExtent> columns) {
    long columnBytes() {
      return columns.get(0).length();
    }

    Piece cut(long from, long length) {
      List<DiskExtent> cut = new ArrayList<>();
      for (DiskExtent e : columns) cut.add(new DiskExtent(e.diskId(), e.offset() + from, length));
      return new Piece(stripeUnitBytes, cut);
    }

    boolean goesOnIn(Piece next) {
      if (stripeUnitBytes != next.stripeUnitBytes) return false;
      for (int c = 0; c < columns.size(); c++) {
        DiskExtent a = columns.get(c);
        DiskExtent b = next.columns.get(c);
        if (!a.diskId().equals(b.diskId()) || a.offset() + a.length() != b.offset()) return false;
      }
      return true;
    }
  }

  private Alignment() {}

  static List<Piece> pieces(List<Segment> segments, int leg) {
    List<Piece> pieces = new ArrayList<>();
    for (Segment s : segments) pieces.add(new Piece(s.getStripeUnitBytes(), Legs.extents(List.of(s), leg)));
    return pieces;
  }

  /** Of a leg wherever it lies. */
  static List<Piece> pieces(Layout layout, int leg) {
    List<Piece> pieces = new ArrayList<>();
    int at = LegExtents.own(layout, leg) ? 0 : leg;
    for (Segment s : LegExtents.segments(layout, leg)) pieces.add(new Piece(s.getStripeUnitBytes(), Legs.extents(List.of(s), at)));
    return pieces;
  }

  /** Puts the legs into the layout: those that are striped as the first one is into its segments, the others beside their states. */
  static void put(Layout.Builder layout, List<List<Piece>> legs) {
    List<Integer> common = new ArrayList<>();
    List<List<Piece>> alike = new ArrayList<>();
    for (int l = 0; l < legs.size(); l++) {
      if (!alike(legs.get(0), legs.get(l))) continue;
      common.add(l);
      alike.add(legs.get(l));
    }
    layout.clearSegments();
    for (Segment s : segments(alike)) {
      Segment.Builder segment = s.toBuilder().clearLegs();
      for (int l = 0; l < legs.size(); l++) segment.addLegs(common.contains(l) ? s.getLegs(common.indexOf(l)) : Leg.getDefaultInstance());
      layout.addSegments(segment);
    }
    for (int l = 0; l < layout.getLegsCount(); l++) {
      LegInfo.Builder info = layout.getLegs(l).toBuilder().clearOwnSegments();
      if (!common.contains(l)) info.addAllOwnSegments(segments(List.of(legs.get(l))));
      layout.setLegs(l, info);
    }
  }

  private static boolean alike(List<Piece> a, List<Piece> b) {
    int columns = a.get(0).columns().size();
    return columns == b.get(0).columns().size() && columnBytes(a) == columnBytes(b)
        && (columns == 1 || a.get(0).stripeUnitBytes() == b.get(0).stripeUnitBytes());
  }

  private static long columnBytes(List<Piece> leg) {
    long bytes = 0;
    for (Piece piece : leg) bytes += piece.columnBytes();
    return bytes;
  }

  static List<Piece> pieces(List<PlacedSegment> placed, long stripeUnitBytes) {
    List<Piece> pieces = new ArrayList<>();
    for (PlacedSegment p : placed) pieces.add(new Piece(stripeUnitBytes, p.columns()));
    return pieces;
  }

  /** @param legs of as many columns, and as long, each */
  static List<Segment> segments(List<List<Piece>> legs) {
    List<List<Piece>> rows = new ArrayList<>();
    int[] at = new int[legs.size()];
    long[] used = new long[legs.size()];
    while (at[0] < legs.get(0).size()) {
      long length = Long.MAX_VALUE;
      long unit = Long.MAX_VALUE;
      for (int l = 0; l < at.length; l++) {
        Piece piece = legs.get(l).get(at[l]);
        length = Math.min(length, piece.columnBytes() - used[l]);
        unit = Math.min(unit, piece.stripeUnitBytes());
      }
      List<Piece> row = new ArrayList<>();
      for (int l = 0; l < at.length; l++) {
        Piece piece = legs.get(l).get(at[l]);
        row.add(new Piece(unit, piece.cut(used[l], length).columns()));
        used[l] += length;
        if (used[l] == piece.columnBytes()) {
          at[l]++;
          used[l] = 0;
        }
      }
      if (!rows.isEmpty() && goOn(rows.get(rows.size() - 1), row)) join(rows.get(rows.size() - 1), length);
      else rows.add(row);
    }
    List<Segment> segments = new ArrayList<>();
    long start = 0;
    for (List<Piece> row : rows) {
      Segment segment = segment(start, row);
      segments.add(segment);
      start += segment.getLengthBytes();
    }
    return segments;
  }

  private static boolean goOn(List<Piece> row, List<Piece> next) {
    for (int l = 0; l < row.size(); l++) if (!row.get(l).goesOnIn(next.get(l))) return false;
    return true;
  }

  private static void join(List<Piece> row, long by) {
    row.replaceAll(p -> p.cut(0, p.columnBytes() + by));
  }

  private static Segment segment(long start, List<Piece> row) {
    Piece first = row.get(0);
    Segment.Builder segment = Segment.newBuilder().setStartBytes(start).setStripeUnitBytes(first.stripeUnitBytes())
        .setLengthBytes(first.columnBytes() * first.columns().size());
    for (Piece piece : row) {
      Leg.Builder leg = Leg.newBuilder();
      for (DiskExtent e : piece.columns()) leg.addColumns(extent(e));
      segment.addLegs(leg);
    }
    return segment.build();
  }

  static Extent extent(DiskExtent e) {
    return Extent.newBuilder().setDiskId(e.diskId()).setOffsetBytes(e.offset()).setLengthBytes(e.length()).build();
  }
}
