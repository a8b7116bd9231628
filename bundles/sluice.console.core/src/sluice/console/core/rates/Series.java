package sluice.console.core.rates;

import java.util.Arrays;

/** Measurements over time, the oldest overwritten: at most {@value #CAPACITY}. One owner; {@link #points} copies. */
public final class Series {
  public static final int CAPACITY = 300;

  /**
   * What was between two reports.
   *
   * @param timeMs the server's, at its end
   * @param p50Us of requests in that time; NaN: not known, nothing was done or the host does not say
   */
  public record Point(long timeMs, float readsPerSecond, float writesPerSecond, float readBytesPerSecond, float writtenBytesPerSecond,
      float redirectedPerSecond, float p50Us, float p99Us) {
    public float iops() {
      return readsPerSecond + writesPerSecond;
    }

    public float bytesPerSecond() {
      return readBytesPerSecond + writtenBytesPerSecond;
    }
  }

  private Point[] ring = new Point[16];
  private int first;
  private int size;

  public void add(Point p) {
    if (size == ring.length && size < CAPACITY) {
      Point[] larger = new Point[Math.min(CAPACITY, 2 * size)];
      for (int i = 0; i < size; i++) larger[i] = ring[(first + i) % ring.length];
      ring = larger;
      first = 0;
    }
    if (size < ring.length) ring[(first + size++) % ring.length] = p;
    else {
      ring[first] = p;
      first = (first + 1) % ring.length;
    }
  }

  public Point[] points() {
    Point[] all = new Point[size];
    for (int i = 0; i < size; i++) all[i] = ring[(first + i) % ring.length];
    return all;
  }

  Point last() {
    return size == 0 ? null : ring[(first + size - 1) % ring.length];
  }

  @Override
  public String toString() {
    return Arrays.toString(points());
  }
}
