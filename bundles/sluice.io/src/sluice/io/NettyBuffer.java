package sluice.io;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.Buffer;
import io.netty.util.internal.CleanableDirectBuffer;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import sluice.api.block.IoBuffer;

/**
 * A buffer of a {@link BufferPool}, with views that Netty's channels can write from.
 *
 * <p>The memory goes back to the pool when the owner has released the buffer <em>and</em> every view of it has been
 * released; so a reply can be handed to a channel ({@link #slice}, then {@link #release}) without anyone having to wait
 * for the socket. Views may be released on another loop; the memory still goes home to its own, or is freed if that has
 * ended.
 */
public final class NettyBuffer extends IoBuffer {
  private static final AtomicIntegerFieldUpdater<NettyBuffer> USERS =
      AtomicIntegerFieldUpdater.newUpdater(NettyBuffer.class, "users");
  /** Slack to find an aligned start in. */
  private static final int SLACK = HEADROOM;

  private final BufferPool pool;
  /** Size class of the pool. */
  final int sizeClass;
  private final CleanableDirectBuffer memory;
  private final ByteBuffer bytes;
  private final long address;
  private final AtomicReference<BufferView> spare = new AtomicReference<>();
  private final Runnable goHome = this::home;
  /** Who holds it, told when it comes home; null if nobody counts. */
  MemoryShare payer;
  /** The owner and the views. */
  private volatile int users;

  NettyBuffer(BufferPool pool, int sizeClass, int dataBytes) {
    this.pool = pool;
    this.sizeClass = sizeClass;
    memory = Buffer.allocateDirectBufferWithNativeOrder(HEADROOM + dataBytes + SLACK);
    ByteBuffer raw = memory.buffer();
    int misaligned = (int) (Buffer.memoryAddress(raw) & (HEADROOM - 1));
    bytes = raw.slice((HEADROOM - misaligned) & (HEADROOM - 1), HEADROOM + dataBytes);
    address = Buffer.memoryAddress(bytes);
  }

  /**
   * The buffer behind the interface; fails with IllegalArgumentException for a buffer that is not from a loop's pool.
   */
  public static NettyBuffer of(IoBuffer buffer) {
    if (buffer instanceof NettyBuffer netty) return netty;
    throw new IllegalArgumentException("not a buffer of a loop's pool: " + buffer);
  }

  @Override
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public long address() {
    return address;
  }

  /**
   * A readable view of a part of the buffer, for a channel to write. Does not copy; allocates only when the buffer has
   * more than one view at a time. Whoever gets it releases it (a channel does so once it has written it).
   *
   * @param index of {@link #bytes()}
   */
  public ByteBuf slice(int index, int length) {
    USERS.incrementAndGet(this);
    BufferView view = spare.getAndSet(null);
    if (view == null) view = BufferView.of(this);
    return view.show(index, length);
  }

  void viewReleased(BufferView view) {
    spare.compareAndSet(null, view);
    release();
  }

  @Override
  public Runnable keep() {
    USERS.incrementAndGet(this);
    return this::release;
  }

  void taken() {
    users = 1;
  }

  /** On the pool's loop, or any thread by a view's release; the owner releases once. */
  @Override
  public void release() {
    int left = USERS.decrementAndGet(this);
    if (left > 0) return;
    if (left < 0) throw new IllegalStateException("buffer released twice");
    if (pool.loop().inLoop()) {
      home();
      return;
    }
    try {
      pool.loop().execute(goHome);
    } catch (RejectedExecutionException e) {
      free();
    }
  }

  private void home() {
    MemoryShare held = payer;
    payer = null;
    pool.put(this);
    if (held != null) held.returned(memoryBytes());
  }

  int memoryBytes() {
    return bytes.capacity() + SLACK;
  }

  /** What a buffer of the pool's size class takes. */
  static int memoryBytes(int sizeClass) {
    return HEADROOM + (1 << (sizeClass + BufferPool.MIN_SHIFT)) + SLACK;
  }

  void free() {
    memory.clean();
  }
}
