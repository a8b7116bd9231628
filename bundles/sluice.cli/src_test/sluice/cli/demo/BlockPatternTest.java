package sluice.cli.demo;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BlockPatternTest {
  private final ByteBuffer bytes = ByteBuffer.allocate(2 * BlockPattern.BLOCK);

  @Test
  void aBlockMatchesItsOwnVersionOnly() {
    BlockPattern.fill(bytes, 4096, 7, 3);
    assertTrue(BlockPattern.matches(bytes, 4096, 7, 3));
    assertFalse(BlockPattern.matches(bytes, 4096, 7, 2));
    assertFalse(BlockPattern.matches(bytes, 4096, 8, 3));
  }

  @Test
  void aSingleFlippedBitIsSeen() {
    BlockPattern.fill(bytes, 0, 7, 3);
    for (int i = 0; i < BlockPattern.BLOCK; i += 113) {
      bytes.put(i, (byte) (bytes.get(i) ^ 0x10));
      assertFalse(BlockPattern.matches(bytes, 0, 7, 3), "byte " + i);
      bytes.put(i, (byte) (bytes.get(i) ^ 0x10));
    }
  }

  @Test
  void aBlockThatWasNeverWrittenIsZeroes() {
    assertTrue(BlockPattern.matches(ByteBuffer.allocate(BlockPattern.BLOCK), 0, 7, 0));
  }
}
