package sluice.cli.demo;

import java.nio.ByteBuffer;

/** What a block holds after its n-th write: every 8 bytes of it tell block, version and place. Pure. */
public final class BlockPattern {
  public static final int BLOCK = 4096;

  private BlockPattern() {}

  /** Version 0 is a block that was never written: zeroes. */
  static void fill(ByteBuffer bytes, int index, long block, int version) {
    for (int i = 0; i < BLOCK; i += 8) bytes.putLong(index + i, word(block, version, i));
  }

  /** Whether the bytes are just that. */
  static boolean matches(ByteBuffer bytes, int index, long block, int version) {
    for (int i = 0; i < BLOCK; i += 8) if (bytes.getLong(index + i) != word(block, version, i)) return false;
    return true;
  }

  /** splitmix64's finaliser: neighbouring inputs give words that have nothing in common. */
  private static long word(long block, int version, int i) {
    if (version == 0) return 0;
    long z = (block << 32 | version) + 0x9E3779B97F4A7C15L * (i + 1);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
