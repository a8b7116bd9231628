package sluice.io.label;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sluice.api.SluiceException;
import sluice.io.label.LabelResult.State;

class DiskLabelTest {
  private static final long MIB = 1 << 20;
  static final String DISK = "11111111-2222-4333-8444-555555555555";
  static final String CLUSTER = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
  static final String POOL = "99999999-8888-4777-8666-555555555555";

  private final DiskLabel label = DiskLabel.fresh(DISK, CLUSTER, "d1", 64 * MIB).inPool(POOL);

  @Test
  void whatIsEncodedIsDecoded() {
    byte[] block = label.encode();
    assertEquals(4096, block.length);
    assertEquals(LabelResult.found(label, ""), DiskLabel.decode(block, 64 * MIB));
    DiskLabel other = label.named("Größe 9").ofCluster(POOL).inPool("");
    assertEquals(other, DiskLabel.decode(other.encode(), 64 * MIB).label());
    assertEquals(label.sequence() + 3, other.sequence());
  }

  @Test
  void theFormatIsTheDocumentedOne() {
    byte[] block = label.encode();
    assertArrayEquals("SLUICE\0\1".getBytes(StandardCharsets.ISO_8859_1), Arrays.copyOf(block, 8));
    assertArrayEquals(new byte[] {1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0}, Arrays.copyOfRange(block, 8, 24));
    assertEquals(UUID.fromString(DISK).getMostSignificantBits(), ByteBuffer.wrap(block, 24, 8).getLong());
    assertEquals(64 * MIB, ByteBuffer.wrap(block, 72, 8).order(ByteOrder.LITTLE_ENDIAN).getLong());
    assertEquals("d1", new String(block, 112, 2, StandardCharsets.UTF_8));
  }

  @Test
  void areasAreInWholeMebibytesAndLeaveRoomForBothLabels() {
    assertEquals(new LabelLayout(3 * MIB, 15 * MIB, MIB, MIB), LabelLayout.of(16 * MIB));
    assertEquals(new LabelLayout(5 * MIB, 127 * MIB, MIB, 2 * MIB), LabelLayout.of(128 * MIB));
    assertEquals(new LabelLayout(9 * MIB, 1023 * MIB, MIB, 4 * MIB), LabelLayout.of(1024 * MIB));
    assertThrows(SluiceException.class, () -> LabelLayout.of(16 * MIB - 4096));
  }

  @Test
  void aBlankBlockOrAnyOtherIsNoLabel() {
    assertEquals(State.NONE, DiskLabel.decode(new byte[4096], 64 * MIB).state());
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    assertEquals(State.NONE, DiskLabel.decode(noise, 64 * MIB).state());
  }

  @Test
  void aLabelCutOffAnywhereIsNeverTaken() {
    byte[] block = label.encode();
    for (int n = 0; n < block.length; n++) {
      assertEquals(State.NONE, DiskLabel.decode(Arrays.copyOf(block, n), 64 * MIB).state(), "" + n);
      byte[] torn = Arrays.copyOf(Arrays.copyOf(block, n), 4096);
      assertTrue(!DiskLabel.decode(torn, 64 * MIB).found(), "" + n);
    }
  }

  @Test
  void anyBitFlippedIsNoticed() {
    byte[] block = label.encode();
    for (int bit = 0; bit < block.length * 8; bit++) {
      block[bit / 8] ^= (byte) (1 << bit % 8);
      State state = DiskLabel.decode(block, 64 * MIB).state();
      assertEquals(bit < 64 ? State.NONE : State.DAMAGED, state, "bit " + bit);
      block[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }

  @Test
  void nonsenseWithARightChecksumIsDamagedAndNothingWorse() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      byte[] block = label.encode();
      int n = 1 + random.nextInt(4);
      for (int j = 0; j < n; j++) block[12 + random.nextInt(110)] = (byte) random.nextInt();
      rechecked(block);
      State state = DiskLabel.decode(block, 64 * MIB).state();
      assertTrue(state != State.NONE && state != State.NEWER, "round " + i);
    }
  }

  private static byte[] rechecked(byte[] block) {
    ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).putInt(4092, DiskLabel.checksum(block));
    return block;
  }

  @Test
  void aLaterFormatIsSaidToBeOne() {
    byte[] block = label.encode();
    block[8] = 2;
    LabelResult result = DiskLabel.decode(rechecked(block), 64 * MIB);
    assertEquals(State.NEWER, result.state());
    assertTrue(result.note().contains("format 2"), result.note());
  }

  @Test
  void aDiskSmallerThanItsLabelSaysIsShrunken() {
    LabelResult result = DiskLabel.decode(label.encode(), 64 * MIB - 4096);
    assertEquals(State.SHRUNKEN, result.state());
    assertEquals(label, result.label());
  }

  @Test
  void namesAndIdsThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> label.named(""));
    assertThrows(IllegalArgumentException.class, () -> label.named("x".repeat(256)));
    assertThrows(IllegalArgumentException.class, () -> label.inPool("gold"));
    assertThrows(IllegalArgumentException.class, () -> label.ofCluster(""));
  }
}
