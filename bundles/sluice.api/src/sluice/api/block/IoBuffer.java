package sluice.api.block;

import java.nio.ByteBuffer;

/**
 * A pooled piece of direct memory that travels with a request from socket to disk and back.
 *
 * <p>Layout: {@link #HEADROOM} bytes in front, in which a protocol may build its header, then the data, whose first
 * byte is aligned to 4096, so that a reply is one contiguous piece and the same memory serves O_DIRECT.
 * A buffer has one owner at a time, on one event loop; it must not be released while an operation on it is under way,
 * whatever happened to the connection it came from: the kernel still writes into it.
 */
public abstract class IoBuffer {
  /** Bytes of room before the data; a multiple of every device's alignment. */
  public static final int HEADROOM = 4096;

  /** The whole memory, headroom included; absolute access only, its position and limit belong to nobody. */
  public abstract ByteBuffer bytes();

  /** Memory address of the first byte of {@link #bytes()}, for rings. */
  public abstract long address();

  /** Bytes of room for data, at least what was asked of the pool. */
  public final int capacity() {
    return bytes().capacity() - HEADROOM;
  }

  /**
   * On the loop: the memory is not used for anything else, also after {@link #release}, until what is returned has been run,
   * once. For operations that somebody has stopped waiting for and that may still read the memory. The default is for memory
   * that is never used again after its release.
   */
  public Runnable keep() {
    return () -> {};
  }

  /** Gives the buffer back to the pool it came from; on the loop that owns the pool. */
  public abstract void release();
}
