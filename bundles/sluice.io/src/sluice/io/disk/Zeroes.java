package sluice.io.disk;

import io.netty.channel.unix.Buffer;
import java.nio.ByteBuffer;

/** Memory full of zeroes to write from, shared by all disks; nobody writes to it. */
final class Zeroes {
  static final int LENGTH = 1 << 20;
  private static final ByteBuffer BYTES = ByteBuffer.allocateDirect(LENGTH + 4096).alignedSlice(4096);
  static final long ADDRESS = Buffer.memoryAddress(BYTES);

  private Zeroes() {}

  /** A view of its own to hand to a channel. */
  static ByteBuffer view(int length) {
    return BYTES.duplicate().position(0).limit(length);
  }
}
