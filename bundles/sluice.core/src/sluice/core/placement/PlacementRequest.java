package sluice.core.placement;

import java.util.Map;

/**
 * What has to be placed.
 *
 * @param columns on as many different disks; 1: linear
 * @param columnBytes of each column; a multiple of the granule
 * @param granuleBytes every extent's length is a multiple of it: the larger of the pool's unit and the stripe unit,
 *     both powers of two
 * @param maxSegments pieces of each column at most
 * @param avoid reasons by id of disks that shall get nothing
 */
public record PlacementRequest(
    int columns, long columnBytes, long granuleBytes, int maxSegments, Map<String, String> avoid) {
  public PlacementRequest {
    if (columns < 1 || columnBytes <= 0 || granuleBytes <= 0 || columnBytes % granuleBytes != 0) {
      throw new IllegalArgumentException(columns + " columns of " + columnBytes + " in granules of " + granuleBytes);
    }
  }
}
