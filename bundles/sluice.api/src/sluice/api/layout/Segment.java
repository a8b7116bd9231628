package sluice.api.layout;

import java.util.List;

/**
 * A run of a volume that is laid out in one way: legs (copies), each of them striped over columns.
 *
 * <p>Stripe unit u of the segment lies in column {@code u % columns}, at unit {@code u / columns} of that column's
 * extent. With one column the segment is linear and the stripe unit does not matter.
 *
 * @param start bytes from the volume's start
 * @param length bytes; a multiple of columns × stripeUnit
 * @param stripeUnit bytes
 * @param legs one list of columns for each leg; all of the same size, every extent of length / columns bytes; an empty one for a
 *     leg that is striped in another way and has segments of its own ({@link LegRole#own})
 */
public record Segment(long start, long length, int stripeUnit, List<List<Extent>> legs) {
  public Segment {
    legs = legs.stream().map(List::copyOf).toList();
    if (start < 0 || length <= 0 || stripeUnit <= 0 || legs.isEmpty()) throw new IllegalArgumentException("segment");
    int columns = legs.get(0).size();
    if (columns == 0 || length % columns != 0) throw new IllegalArgumentException("segment of " + length + " in " + columns + " columns");
    if (columns > 1 && length / columns % stripeUnit != 0) throw new IllegalArgumentException("column is no multiple of the stripe unit");
    for (List<Extent> leg : legs) {
      if (leg.isEmpty()) continue;
      if (leg.size() != columns) throw new IllegalArgumentException("legs differ in columns");
      for (Extent e : leg) if (e.length() != length / columns) throw new IllegalArgumentException("extent length");
    }
  }

  public int columns() {
    return legs.get(0).size();
  }

  public long end() {
    return start + length;
  }
}
