package sluice.cli.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the requests that met a hard error on their way to the disk and were answered by another way, and how long that took. Both ends
 * are in this process, so there is one clock. Any thread.
 */
final class Redirected {
  private final long extent;
  private final int blockBytes;
  /** By the block: when it was last refused. */
  private final Map<Integer, Long> refused = new HashMap<>();
  private final List<Double> milliseconds = new ArrayList<>();

  /** @param extent where the volume begins on its disk, bytes */
  Redirected(long extent, int blockBytes) {
    this.extent = extent;
    this.blockBytes = blockBytes;
  }

  /** The disk answered a request for these bytes with an error. */
  synchronized void refused(long offset, long nanos) {
    if (offset >= extent) refused.put((int) ((offset - extent) / blockBytes), nanos);
  }

  /** The volume answered a request; one that was not refused on its way is none of this one's business. */
  synchronized void answered(int block, long sentNanos, long endedNanos) {
    Long at = refused.remove(block);
    if (at != null && at - sentNanos >= 0) milliseconds.add((endedNanos - at) / 1e6);
  }

  /** From each hard error to that request's answer. */
  synchronized double[] milliseconds() {
    return milliseconds.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
