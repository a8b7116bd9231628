package sluice.volume.intent;

/**
 * Bytes of a volume that write intents show as possibly different between its legs.
 *
 * @param start bytes from the volume's start
 * @param end the first byte after it
 */
public record DirtyRange(long start, long end) {
  public DirtyRange {
    if (start < 0 || end <= start) throw new IllegalArgumentException("range " + start + " to " + end);
  }

  public long length() {
    return end - start;
  }
}
