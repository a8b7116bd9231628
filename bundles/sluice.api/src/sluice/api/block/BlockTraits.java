package sluice.api.block;

/**
 * What a device is like; constant while it is open.
 *
 * @param size bytes
 * @param alignment bytes, a power of two, 1 to 4096: offsets, lengths and memory of READ and WRITE must be multiples
 * @param preferred bytes, a power of two: the size from which on no read-modify-write happens below
 * @param readOnly changes end with {@link IoError#EROFS}
 * @param trim whether TRIM frees anything
 * @param zeroes whether WRITE_ZEROES is quicker than writing zeroes; it always works
 * @param rotational whether seeks cost
 */
public record BlockTraits(
    long size, int alignment, int preferred, boolean readOnly, boolean trim, boolean zeroes, boolean rotational) {
  public BlockTraits {
    if (size < 0) throw new IllegalArgumentException("size " + size);
    if (Integer.bitCount(alignment) != 1 || alignment > 4096) throw new IllegalArgumentException("alignment " + alignment);
    if (Integer.bitCount(preferred) != 1 || preferred < alignment) throw new IllegalArgumentException("preferred " + preferred);
  }
}
