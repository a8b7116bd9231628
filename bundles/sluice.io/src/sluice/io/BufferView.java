package sluice.io;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.nio.ByteBuffer;

/** A reusable {@link ByteBuf} on a pooled buffer's memory: when its count falls to 0 it tells the buffer. */
interface BufferView {
  /** Starts a new life with a count of 1. */
  ByteBuf show(int index, int length);

  /** Netty keeps the address of the memory only where it may use Unsafe; asking for it by JNI each time costs more. */
  static BufferView of(NettyBuffer buffer) {
    return PlatformDependent.hasUnsafe() ? new ByAddress(buffer) : new ByBuffer(buffer);
  }

  private static ByteBuffer memory(NettyBuffer buffer) {
    return buffer.bytes().duplicate().clear();
  }

  /** The usual view. */
  final class ByAddress extends UnpooledUnsafeDirectByteBuf implements BufferView {
    private final NettyBuffer buffer;

    ByAddress(NettyBuffer buffer) {
      super(UnpooledByteBufAllocator.DEFAULT, memory(buffer), buffer.bytes().capacity());
      this.buffer = buffer;
    }

    @Override
    public ByteBuf show(int index, int length) {
      resetRefCnt();
      return setIndex(index, index + length);
    }

    @Override
    protected void deallocate() {
      buffer.viewReleased(this);
    }
  }

  /** The view without Unsafe. */
  final class ByBuffer extends UnpooledDirectByteBuf implements BufferView {
    private final NettyBuffer buffer;

    ByBuffer(NettyBuffer buffer) {
      super(UnpooledByteBufAllocator.DEFAULT, memory(buffer), buffer.bytes().capacity());
      this.buffer = buffer;
    }

    @Override
    public ByteBuf show(int index, int length) {
      resetRefCnt();
      return setIndex(index, index + length);
    }

    @Override
    protected void deallocate() {
      buffer.viewReleased(this);
    }
  }
}
