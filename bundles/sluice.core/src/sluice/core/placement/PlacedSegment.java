package sluice.core.placement;

import java.util.List;
import sluice.core.space.DiskExtent;

/**
 * A segment's extents.
 *
 * @param columns one extent each, all of the same length, on different disks
 */
public record PlacedSegment(List<DiskExtent> columns) {
  public PlacedSegment {
    columns = List.copyOf(columns);
  }

  /** Bytes of the volume that it holds. */
  public long bytes() {
    return columns.get(0).length() * columns.size();
  }
}
