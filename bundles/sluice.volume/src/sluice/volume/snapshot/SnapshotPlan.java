package sluice.volume.snapshot;

import java.util.List;
import sluice.api.block.BlockDevice;

/**
 * What a volume preserves for, and where.
 *
 * @param snapshots numbers, ascending
 * @param complete false: an area cannot be reached at the moment, and nothing may be changed that is not known to be preserved
 */
public record SnapshotPlan(long[] snapshots, long chunkBytes, List<AreaDevice> areas, boolean complete) {
  /** An area, for use on the volume's loop. */
  public record AreaDevice(String id, BlockDevice device) {}
}
