package sluice.io;

import java.util.ArrayDeque;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoBufferPool;
import sluice.api.block.IoLoop;

/**
 * The buffers of one loop, in size classes of powers of two from 4 KiB to 32 MiB. On the loop only.
 *
 * <p>What is given back is kept up to a bound, small and large buffers apart so that a burst of large requests cannot
 * push out the buffers of the small ones; beyond it memory is freed at once. How many buffers are out is bounded by the
 * {@link MemoryBudget} of those who take them.
 */
public final class BufferPool implements IoBufferPool {
  static final int MIN_SHIFT = 12;
  private static final int CLASSES = 25 - MIN_SHIFT + 1;
  /** Up to 64 KiB a buffer is small. */
  private static final int SMALL_CLASSES = 5;
  /** Bytes kept in small buffers: 1024 requests of 4 KiB with their room. */
  static final long KEEP_SMALL = 12 << 20;
  /** Bytes kept in large buffers: 32 requests of 1 MiB, or one of 32 MiB. */
  static final long KEEP_LARGE = 36 << 20;

  private final IoLoop loop;
  private final ArrayDeque<NettyBuffer>[] free;
  private long keptSmall;
  private long keptLarge;
  private int out;
  private boolean closed;

  BufferPool(IoLoop loop) {
    this.loop = loop;
    @SuppressWarnings({"unchecked", "rawtypes"})
    ArrayDeque<NettyBuffer>[] queues = new ArrayDeque[CLASSES];
    for (int i = 0; i < CLASSES; i++) queues[i] = new ArrayDeque<>();
    free = queues;
  }

  /** Fails with UNAVAILABLE when the process has no direct memory left even after giving up what the pool kept. */
  @Override
  public NettyBuffer take(int dataBytes) {
    int c = sizeClass(dataBytes);
    NettyBuffer buffer = free[c].pollLast();
    if (buffer == null) buffer = allocate(c);
    else keep(c, -buffer.memoryBytes());
    buffer.taken();
    out++;
    return buffer;
  }

  static int sizeClass(int dataBytes) {
    if (dataBytes < 0 || dataBytes > BlockDevice.MAX_TRANSFER) {
      throw new IllegalArgumentException("buffer of " + dataBytes);
    }
    return dataBytes <= 1 << MIN_SHIFT ? 0 : 32 - Integer.numberOfLeadingZeros(dataBytes - 1) - MIN_SHIFT;
  }

  private NettyBuffer allocate(int c) {
    int dataBytes = 1 << (c + MIN_SHIFT);
    try {
      return new NettyBuffer(this, c, dataBytes);
    } catch (OutOfMemoryError e) {
      freeAll();
    }
    try {
      return new NettyBuffer(this, c, dataBytes);
    } catch (OutOfMemoryError e) {
      throw new SluiceException(ErrorCode.UNAVAILABLE, "no memory for a buffer of " + new ByteSize(dataBytes),
          "the limit of direct memory is reached",
          "give the program more with -XX:MaxDirectMemorySize, or let clients send less at once");
    }
  }

  void put(NettyBuffer buffer) {
    out--;
    int c = buffer.sizeClass;
    if (closed || kept(c) + buffer.memoryBytes() > (c < SMALL_CLASSES ? KEEP_SMALL : KEEP_LARGE)) {
      buffer.free();
      return;
    }
    keep(c, buffer.memoryBytes());
    free[c].addLast(buffer);
  }

  private long kept(int c) {
    return c < SMALL_CLASSES ? keptSmall : keptLarge;
  }

  private void keep(int c, long bytes) {
    if (c < SMALL_CLASSES) keptSmall += bytes;
    else keptLarge += bytes;
  }

  /** On the loop: frees what the pool keeps; buffers that are out come back as usual. */
  public void freeAll() {
    for (ArrayDeque<NettyBuffer> queue : free) {
      for (NettyBuffer b = queue.pollLast(); b != null; b = queue.pollLast()) b.free();
    }
    keptSmall = 0;
    keptLarge = 0;
  }

  /** On the loop, which is ending: keeps nothing any more. */
  void close() {
    closed = true;
    freeAll();
  }

  /** On the loop: bytes kept for reuse. */
  public long keptBytes() {
    return keptSmall + keptLarge;
  }

  /** On the loop: buffers that have been taken and not come back. */
  public int outstanding() {
    return out;
  }

  IoLoop loop() {
    return loop;
  }
}
