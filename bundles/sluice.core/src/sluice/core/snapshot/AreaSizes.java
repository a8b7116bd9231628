package sluice.core.snapshot;

/**
 * How large a volume's snapshot areas are. An area is made of groups, each a chunk for the group's map and {@link #SLOTS} chunks
 * of what is preserved. Pure.
 */
public final class AreaSizes {
  /** Chunks of a group that are for preserved ones: as many as one block of the map describes. */
  public static final int SLOTS = 250;
  public static final long MIN_CHUNK = 64 << 10;
  public static final long MAX_CHUNK = 1 << 20;
  private static final long LARGEST = 64L << 30;

  private AreaSizes() {}

  public static boolean isChunk(long bytes) {
    return bytes >= MIN_CHUNK && bytes <= MAX_CHUNK && Long.bitCount(bytes) == 1;
  }

  public static long groupBytes(long chunk) {
    return (SLOTS + 1) * chunk;
  }

  /** Groups of an area of that size. */
  public static int groups(long areaBytes, long chunk) {
    return (int) Math.min(areaBytes / groupBytes(chunk), Integer.MAX_VALUE / SLOTS);
  }

  /**
   * The next area's size: as much as there is already, so that a volume has few of them; a sixteenth of the volume at first. Never
   * more than all of the volume's chunks could need at once.
   *
   * @param limit of all areas together, 0: none
   * @return 0: the limit leaves no room for another group
   */
  public static long next(long volumeBytes, long chunk, long areasBytes, long limit) {
    long group = groupBytes(chunk);
    long wish = areasBytes == 0 ? volumeBytes / 16 : areasBytes;
    long chunks = (volumeBytes + chunk - 1) / chunk;
    long most = Math.min(LARGEST, (chunks + SLOTS - 1) / SLOTS * group);
    long bytes = Math.min(Math.max(wish, group), most);
    if (limit > 0) bytes = Math.min(bytes, limit - areasBytes);
    return Math.max(0, bytes / group * group);
  }
}
