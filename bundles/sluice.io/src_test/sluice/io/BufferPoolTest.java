package sluice.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoBuffer;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.TestBuffer;

class BufferPoolTest {
  static {
    // Netty's natives are what asks for addresses.
    LoopKind.best();
  }

  private final ManualLoop loop = new ManualLoop();
  private final BufferPool pool = new BufferPool(loop);

  @Test
  void dataAreAlignedAndHaveRoomBeforeThem() {
    for (int size : new int[] {0, 1, 4096, 4097, 65536, 1 << 20, BlockDevice.MAX_TRANSFER}) {
      NettyBuffer buffer = pool.take(size);
      assertTrue(buffer.capacity() >= size);
      assertEquals(0, buffer.address() % 4096);
      assertEquals(IoBuffer.HEADROOM + buffer.capacity(), buffer.bytes().capacity());
      buffer.bytes().put(IoBuffer.HEADROOM + Math.max(size, 1) - 1, (byte) 1);
      buffer.release();
    }
    assertEquals(0, pool.outstanding());
  }

  @Test
  void sizesAreRoundedUpToPowersOfTwo() {
    assertEquals(0, BufferPool.sizeClass(0));
    assertEquals(0, BufferPool.sizeClass(4096));
    assertEquals(1, BufferPool.sizeClass(4097));
    assertEquals(1, BufferPool.sizeClass(8192));
    assertEquals(13, BufferPool.sizeClass(BlockDevice.MAX_TRANSFER));
    assertThrows(IllegalArgumentException.class, () -> BufferPool.sizeClass(BlockDevice.MAX_TRANSFER + 1));
    assertThrows(IllegalArgumentException.class, () -> BufferPool.sizeClass(-1));
  }

  @Test
  void aBufferGivenBackIsTakenAgain() {
    NettyBuffer first = pool.take(5000);
    first.release();
    assertSame(first, pool.take(8192));
    assertNotSame(first, pool.take(8192));
  }

  @Test
  void keptMemoryIsBoundedAndLargeBuffersDoNotPushOutSmallOnes() {
    NettyBuffer small = pool.take(4096);
    List<NettyBuffer> large = new ArrayList<>();
    for (int i = 0; i < 4; i++) large.add(pool.take(16 << 20));
    large.forEach(NettyBuffer::release);
    small.release();
    assertTrue(pool.keptBytes() <= BufferPool.KEEP_LARGE + BufferPool.KEEP_SMALL, "" + pool.keptBytes());
    assertSame(small, pool.take(4096));
    pool.freeAll();
    assertEquals(0, pool.keptBytes());
  }

  @Test
  void aSecondReleaseIsAnError() {
    NettyBuffer buffer = pool.take(1);
    buffer.release();
    assertThrows(IllegalStateException.class, buffer::release);
  }

  @Test
  void aViewShowsTheBuffersBytesWithoutCopying() {
    NettyBuffer buffer = pool.take(4096);
    ByteBuf view = buffer.slice(IoBuffer.HEADROOM - 16, 20);
    buffer.bytes().putInt(IoBuffer.HEADROOM, 0x01020304);
    assertEquals(20, view.readableBytes());
    view.skipBytes(16);
    assertEquals(0x01020304, view.readInt());
    assertEquals(buffer.address() + IoBuffer.HEADROOM, view.memoryAddress() + IoBuffer.HEADROOM);
    view.release();
    buffer.release();
  }

  @Test
  void theBufferComesBackWhenOwnerAndViewsHaveReleasedIt() {
    NettyBuffer buffer = pool.take(4096);
    ByteBuf a = buffer.slice(0, 10);
    ByteBuf b = buffer.slice(10, 10);
    buffer.release();
    a.release();
    assertEquals(1, pool.outstanding());
    b.release();
    assertEquals(0, pool.outstanding());
  }

  @Test
  void memoryThatIsKeptDoesNotComeBackBeforeItIsLetGoOf() {
    NettyBuffer buffer = pool.take(4096);
    Runnable letGo = buffer.keep();
    buffer.release();
    assertEquals(1, pool.outstanding());
    letGo.run();
    assertEquals(0, pool.outstanding());
  }

  @Test
  void viewsAreUsedAgain() {
    NettyBuffer buffer = pool.take(4096);
    ByteBuf first = buffer.slice(0, 10);
    first.readByte();
    first.release();
    ByteBuf again = buffer.slice(5, 7);
    assertSame(first, again);
    assertEquals(7, again.readableBytes());
    assertEquals(1, again.refCnt());
    again.release();
    buffer.release();
  }

  @Test
  void aBufferReleasedOnAnotherThreadGoesHomeByItsLoop() {
    NettyBuffer buffer = pool.take(4096);
    loop.here = false;
    buffer.release();
    assertEquals(1, pool.outstanding());
    loop.here = true;
    loop.run();
    assertEquals(0, pool.outstanding());
  }

  @Test
  void onlyAPoolsBuffersHaveViews() {
    assertThrows(IllegalArgumentException.class, () -> NettyBuffer.of(new TestBuffer(1, () -> {})));
  }
}
