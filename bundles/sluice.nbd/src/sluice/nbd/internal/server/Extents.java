package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;

/**
 * Collects the extents of one context for one BLOCK_STATUS reply: joins neighbours that are alike, does not go beyond
 * what was asked, and stops at a bound. Pure.
 */
final class Extents {
  /** 64 KiB of descriptors: the rest of a very ragged range is asked for again. */
  static final int MAX = 8192;

  private final ByteBuf out;
  private final long asked;
  private final int max;
  private int count;
  private long covered;
  private long length;
  private int flags;
  private boolean full;

  Extents(ByteBuf out, long asked, boolean one) {
    this.out = out;
    this.asked = asked;
    this.max = one ? 1 : MAX;
  }

  void add(long rangeLength, int rangeFlags) {
    long n = Math.min(rangeLength, asked - covered);
    if (n <= 0 || full) return;
    if (length > 0 && rangeFlags == flags) {
      length += n;
    } else {
      write();
      if (count == max) {
        full = true;
        return;
      }
      length = n;
      flags = rangeFlags;
    }
    covered += n;
  }

  /** @return the descriptors, or none if nothing was reported */
  int finish() {
    write();
    return count;
  }

  private void write() {
    if (length == 0) return;
    out.writeInt((int) length).writeInt(flags);
    length = 0;
    count++;
  }
}
