package sluice.api.layout;

/**
 * A run of bytes on a disk.
 *
 * @param disk the disk's id
 * @param offset bytes from the start of the disk
 * @param length bytes
 */
public record Extent(String disk, long offset, long length) {
  public Extent {
    if (disk.isEmpty() || offset < 0 || length <= 0) throw new IllegalArgumentException("extent " + disk + " " + offset + "+" + length);
  }

  public long end() {
    return offset + length;
  }
}
