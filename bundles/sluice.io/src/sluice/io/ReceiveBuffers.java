package sluice.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringBufferRingAllocator;
import io.netty.channel.uring.IoUringBufferRingConfig;

/**
 * The memory into which the kernel puts what a loop's sockets receive: a ring of buffers that all of them share, so that
 * a receive stays armed from one message to the next and an idle connection holds no memory.
 *
 * <p>Without it each message costs a poll and a receive, and the kernel is entered once more for them. A buffer that is
 * taken out is replaced at once by another one of the loop's; it comes back to the loop when the receiver releases it.
 */
final class ReceiveBuffers implements IoUringBufferRingAllocator {
  /** Number of the ring; a loop has one. */
  static final short GROUP = 1;
  /** Messages that a batch may bring before the kernel runs out of buffers and the receive has to be armed again. */
  private static final short COUNT = 16;
  /** Bytes: a large payload in few pieces. */
  private static final int SIZE = 128 << 10;

  private BufferPool pool;

  /** Any thread. */
  static boolean available() {
    return IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported();
  }

  IoUringBufferRingConfig ring() {
    return IoUringBufferRingConfig.builder().bufferGroupId(GROUP).bufferRingSize(COUNT).batchSize(COUNT)
        .incremental(false).allocator(this).build();
  }

  /** Before the loop runs. The pool is not the one for requests, whose count of buffers says what is under way. */
  void from(BufferPool source) {
    pool = source;
  }

  @Override
  public ByteBuf allocate() {
    NettyBuffer buffer = pool.take(SIZE);
    ByteBuf view = buffer.slice(0, SIZE);
    buffer.release();
    return view.clear();
  }

  @Override
  public void lastBytesRead(int attempted, int read) {}
}
