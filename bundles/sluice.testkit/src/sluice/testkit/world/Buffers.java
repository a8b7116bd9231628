package sluice.testkit.world;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoBufferPool;

/** Heap memory for one loop, reused by size. A buffer that is given back twice is a broken rule. */
final class Buffers implements IoBufferPool {
  private static final int SMALLEST = 4096;

  private final ArrayDeque<Memory>[] free = queues();

  @SuppressWarnings("unchecked")
  private static ArrayDeque<Memory>[] queues() {
    ArrayDeque<Memory>[] all = new ArrayDeque[32];
    for (int i = 0; i < all.length; i++) all[i] = new ArrayDeque<>();
    return all;
  }

  @Override
  public IoBuffer take(int dataBytes) {
    if (dataBytes < 0 || dataBytes > BlockDevice.MAX_TRANSFER) throw new IllegalArgumentException("buffer of " + dataBytes);
    int size = 32 - Integer.numberOfLeadingZeros(Math.max(SMALLEST, dataBytes) - 1);
    Memory memory = free[size].poll();
    if (memory == null) memory = new Memory(size);
    memory.out = true;
    return memory;
  }

  private final class Memory extends IoBuffer {
    private final ByteBuffer bytes;
    private final int size;
    private boolean out;

    Memory(int size) {
      this.size = size;
      bytes = ByteBuffer.allocate(HEADROOM + (1 << size));
    }

    @Override
    public ByteBuffer bytes() {
      return bytes;
    }

    /** Only its alignment matters. */
    @Override
    public long address() {
      return 0;
    }

    @Override
    public void release() {
      if (!out) throw new IllegalStateException("a buffer is released twice");
      out = false;
      free[size].add(this);
    }
  }
}
