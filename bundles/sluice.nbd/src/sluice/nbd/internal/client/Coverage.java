package sluice.nbd.internal.client;

import java.util.Arrays;

/**
 * Which bytes of a READ's reply have come: content chunks come in any order, must not overlap and must cover the range
 * ("NBD_REPLY_TYPE_OFFSET_DATA"). Pure. Chunks in order need one interval; beyond 256 intervals a reply is refused.
 */
final class Coverage {
  private static final int MAX = 256;

  /** Starts and ends, ascending, none touching the next. */
  private long[] bounds = new long[4];
  private int count;

  void clear() {
    count = 0;
  }

  /** Takes a chunk in; says why if it cannot be. */
  void add(long start, long end) throws MalformedReply {
    int i = count;
    while (i > 0 && bounds[2 * i - 2] >= end) i--;
    // The interval before i starts before our end; so it must end before our start.
    if (i > 0 && bounds[2 * i - 1] > start) throw new MalformedReply("two chunks of a reply overlap");
    boolean joinsLeft = i > 0 && bounds[2 * i - 1] == start;
    boolean joinsRight = i < count && bounds[2 * i] == end;
    if (joinsLeft && joinsRight) {
      bounds[2 * i - 1] = bounds[2 * i + 1];
      remove(i);
    } else if (joinsLeft) {
      bounds[2 * i - 1] = end;
    } else if (joinsRight) {
      bounds[2 * i] = start;
    } else {
      insert(i, start, end);
    }
  }

  boolean covers(long start, long end) {
    return count == 1 && bounds[0] == start && bounds[1] == end;
  }

  private void remove(int i) {
    System.arraycopy(bounds, 2 * i + 2, bounds, 2 * i, 2 * (count - i - 1));
    count--;
  }

  private void insert(int i, long start, long end) throws MalformedReply {
    if (count == MAX) throw new MalformedReply("a reply is cut into too many pieces");
    if (2 * count == bounds.length) bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    System.arraycopy(bounds, 2 * i, bounds, 2 * i + 2, 2 * (count - i));
    bounds[2 * i] = start;
    bounds[2 * i + 1] = end;
    count++;
  }
}
