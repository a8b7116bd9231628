package sluice.io.testing;

import java.nio.ByteBuffer;
import sluice.api.block.IoBuffer;

/** Memory of a size, that says it is aligned. */
public final class TestBuffer extends IoBuffer {
  private final ByteBuffer bytes;
  private final Runnable released;

  public TestBuffer(int dataBytes, Runnable released) {
    bytes = ByteBuffer.allocate(HEADROOM + dataBytes);
    this.released = released;
  }

  @Override
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public long address() {
    return 1 << 20;
  }

  @Override
  public void release() {
    released.run();
  }
}
