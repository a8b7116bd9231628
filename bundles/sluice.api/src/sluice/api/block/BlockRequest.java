package sluice.api.block;

/**
 * One I/O. Mutable and pooled by whoever submits it; owned by the device from {@code submit} until
 * {@link #completed} is called.
 *
 * <p><b>Completion is final</b> (invariant 8): a device calls {@link #completed} only when the operation can have no
 * further effect on the medium. A device whose transport was cut and that cannot know keeps the request until it
 * does. Whoever wants to stop waiting earlier (a router with a deadline) keeps the request as being in doubt.
 */
public abstract class BlockRequest {
  /** Flag: stable when completed (Force Unit Access). WRITE, WRITE_ZEROES and TRIM only. */
  public static final int FUA = 1;
  /** Flag: WRITE_ZEROES must leave the range allocated. */
  public static final int NO_HOLE = 2;

  public BlockOp op;
  /** {@link #FUA}, {@link #NO_HOLE}. */
  public int flags;
  /** Bytes from the device's start. */
  public long offset;
  /** Bytes; at most {@link BlockDevice#MAX_TRANSFER} for READ and WRITE; up to the device's size for the rest. */
  public long length;
  /**
   * Where data come from or go to; null for operations without payload.
   *
   * <p>A READ may complete with another buffer in here than it was submitted with: a router that gave up waiting for
   * one way reads by another into fresh memory, since the first may still write into what it was given. The submitter
   * then owns the new buffer, and the device releases the old one. So look at this field again after completion.
   */
  public IoBuffer buffer;
  /** Index in {@code buffer.bytes()} of the first data byte ({@link IoBuffer#HEADROOM} for an unsplit request). */
  public int bufferIndex;

  /** Fills in everything but the buffer. */
  public final void set(BlockOp op, int flags, long offset, long length) {
    this.op = op;
    this.flags = flags;
    this.offset = offset;
    this.length = length;
  }

  public final boolean fua() {
    return (flags & FUA) != 0;
  }

  public final long end() {
    return offset + length;
  }

  public final boolean overlaps(BlockRequest other) {
    return offset < other.end() && other.offset < end();
  }

  /**
   * Called exactly once, on the device's loop, possibly before {@code submit} returns.
   *
   * @param error 0, or one of {@link IoError}'s numbers
   */
  public abstract void completed(int error);
}
