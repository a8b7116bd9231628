package sluice.volume.intent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IntentBlockTest {
  private static final UUID VOLUME = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
  private static final long MIB = 1 << 20;
  private final Random random = new Random(11);

  private static byte[] block(int slot, long incarnation, long sequence, RegionBits bits) {
    byte[] block = new byte[IntentBlock.BYTES];
    Arrays.fill(block, (byte) 0x5a);
    new IntentBlock(incarnation, sequence, MIB, bits).encode(ByteBuffer.wrap(block), 0, VOLUME, slot);
    return block;
  }

  private RegionBits bits(int count) {
    RegionBits bits = new RegionBits(count);
    for (int r = 0; r < count; r++) if (random.nextInt(3) == 0) bits.set(r);
    return bits;
  }

  private static SlotContent slot(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, SlotContent.BYTES);
    System.arraycopy(second, 0, both, IntentBlock.BYTES, IntentBlock.BYTES);
    return SlotContent.of(both, 0, VOLUME, 3);
  }

  private static final byte[] EMPTY = new byte[IntentBlock.BYTES];

  @Test
  void aBlockSaysWhatWasWritten() {
    for (int count : new int[] {0, 1, 63, 64, 65, 1000, 31_999, RegionBits.MAX}) {
      RegionBits bits = bits(count);
      byte[] block = block(3, 9, 77, bits);
      assertEquals(IntentBlock.Found.GOOD, IntentBlock.look(block, 0, VOLUME, 3));
      IntentBlock back = IntentBlock.decode(block, 0);
      assertEquals(77, back.sequence());
      assertEquals(9, back.incarnation());
      assertEquals(MIB, back.regionBytes());
      assertEquals(count, back.bits().count());
      for (int r = 0; r < count; r++) assertEquals(bits.get(r), back.bits().get(r));
    }
  }

  @Test
  void noBitMayFlipUnnoticed() {
    byte[] block = block(3, 9, 77, bits(RegionBits.MAX));
    for (int bit = 0; bit < 8 * IntentBlock.BYTES; bit++) {
      block[bit >> 3] ^= (byte) (1 << (bit & 7));
      assertNotEquals(IntentBlock.Found.GOOD, IntentBlock.look(block, 0, VOLUME, 3), "bit " + bit);
      block[bit >> 3] ^= (byte) (1 << (bit & 7));
    }
  }

  @Test
  void anythingAtAllIsLookedAtWithoutHarm() {
    for (int i = 0; i < 3000; i++) {
      byte[] block = block(3, 9, 77, bits(1 + random.nextInt(RegionBits.MAX)));
      int from = random.nextInt(IntentBlock.BYTES);
      byte[] noise = new byte[IntentBlock.BYTES - from];
      random.nextBytes(noise);
      System.arraycopy(noise, 0, block, from, noise.length);
      assertNotEquals(IntentBlock.Found.GOOD, IntentBlock.look(block, 0, VOLUME, 3));
      slot(block, EMPTY);
    }
  }

  @Test
  void aWriteCutOffAnywhereLeavesTheBlockBefore() {
    RegionBits before = bits(500);
    RegionBits after = bits(500);
    byte[] old = block(3, 9, 5, before);
    byte[] older = block(3, 9, 4, bits(500));
    byte[] next = block(3, 9, 6, after);
    for (int cut = 0; cut <= IntentBlock.BYTES; cut++) {
      byte[] torn = older.clone();
      System.arraycopy(next, 0, torn, 0, cut);
      SlotContent found = slot(old, torn);
      boolean whole = Arrays.equals(torn, next);
      assertEquals(whole ? 6 : 5, found.sequence(), "cut at " + cut);
      assertEquals(whole ? 0 : 1, found.next());
      assertFalse(found.everything());
    }
  }

  @Test
  void theNewerBlockCountsWhereverItLies() {
    byte[] five = block(3, 9, 5, bits(10));
    byte[] six = block(3, 9, 6, bits(10));
    assertEquals(6, slot(five, six).sequence());
    assertEquals(6, slot(six, five).sequence());
    assertEquals(1, slot(six, five).next());
  }

  @Test
  void whatNobodyWroteOrAnotherVolumeDidIsClean() {
    SlotContent nothing = slot(EMPTY, EMPTY);
    assertNull(nothing.block());
    assertFalse(nothing.everything());
    assertEquals(0, nothing.incarnation());
    byte[] other = new byte[IntentBlock.BYTES];
    RegionBits all = new RegionBits(10);
    all.set(0, 9);
    new IntentBlock(1, 5, MIB, all).encode(ByteBuffer.wrap(other), 0, UUID.randomUUID(), 3);
    assertFalse(slot(other, other).everything());
    assertNull(slot(other, other).block());
    assertEquals(0, slot(block(3, 9, 5, new RegionBits(10)), EMPTY).incarnation());
  }

  @Test
  void ifNeitherBlockIsWholeEverythingIsDirty() {
    byte[] torn = block(3, 9, 5, bits(10));
    torn[100] ^= 1;
    for (SlotContent found : List.of(slot(torn, torn), slot(torn, EMPTY), slot(EMPTY, torn))) {
      assertTrue(found.everything());
      assertEquals(1, found.incarnation());
      RegionBits dirty = new RegionBits(70);
      found.addTo(dirty, MIB);
      assertTrue(dirty.covers(0, 69));
    }
    assertTrue(slot(block(4, 9, 5, bits(10)), EMPTY).everything(), "a block that belongs to another slot");
  }

  @Test
  void regionsOfAnotherSizeAreUnderstood() {
    RegionBits small = new RegionBits(8);
    small.set(3);
    SlotContent found = slot(block(3, 9, 5, small), EMPTY);
    RegionBits large = new RegionBits(2);
    found.addTo(large, 4 * MIB);
    assertEquals(List.of(new DirtyRange(0, 4 * MIB)), large.ranges(4 * MIB, 8 * MIB));
  }

  @Test
  void rangesAreJoinedAndEndWithTheVolume() {
    RegionBits bits = new RegionBits(130);
    bits.set(0, 1);
    bits.set(63, 64);
    bits.set(129);
    assertEquals(List.of(new DirtyRange(0, 2 * MIB), new DirtyRange(63 * MIB, 65 * MIB), new DirtyRange(129 * MIB, 129 * MIB + 5)),
        bits.ranges(MIB, 129 * MIB + 5));
    RegionBits back = new RegionBits(130);
    for (DirtyRange r : bits.ranges(MIB, 129 * MIB + 5)) back.set(r, MIB);
    for (int r = 0; r < 130; r++) assertEquals(bits.get(r), back.get(r));
  }
}
