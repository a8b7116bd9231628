package sluice.io.label;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.io.label.LabelIoTest.now;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.io.label.MetadataArea.Content;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.MemoryDisk;

class MetadataAreaTest {
  private static final int SIZE = 16 << 20;
  private final MemoryDisk disk = new MemoryDisk(new ManualLoop(), SIZE, 4096);
  private final DiskLabel label =
      DiskLabel.fresh(DiskLabelTest.DISK, DiskLabelTest.CLUSTER, "d1", SIZE).inPool(DiskLabelTest.POOL);

  @BeforeEach
  void completeAtOnce() {
    disk.atOnce = true;
  }

  private static byte[] payload(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void expect(long sequence, byte[] payload) {
    Content content = now(MetadataArea.read(disk, label)).orElseThrow();
    assertEquals(sequence, content.sequence());
    assertArrayEquals(payload, content.payload());
  }

  private static ErrorCode code(CompletionStage<?> stage) {
    return ((SluiceException) assertThrows(CompletionException.class, () -> now(stage)).getCause()).code();
  }

  @Test
  void aDiskWithoutMetadataHasNone() {
    assertTrue(now(MetadataArea.read(disk, label)).isEmpty());
  }

  @Test
  void theLastStateIsReadAndTheOneBeforeIsKept() {
    for (int i = 1; i <= 5; i++) {
      now(MetadataArea.write(disk, label, i, payload(i * 1000, i)));
      expect(i, payload(i * 1000, i));
    }
    int newest = (int) label.layout().metadataOffset();
    disk.bytes[newest + 4096] ^= 1;
    expect(4, payload(4000, 4));
  }

  @Test
  void thePayloadIsStableBeforeItsHeaderIsWritten() {
    now(MetadataArea.write(disk, label, 1, payload(5000, 1)));
    long at = label.layout().metadataOffset();
    assertEquals("[WRITE " + (at + 4096) + "+8192 FUA, FLUSH 0+0, WRITE " + at + "+4096 FUA, FLUSH 0+0]",
        disk.log.stream().filter(l -> !l.startsWith("READ")).toList().toString());
  }

  @Test
  void aWriteThatIsCutOffAnywhereLeavesThePreviousOrTheNewState() {
    byte[] before = payload(5000, 1);
    byte[] after = payload(6000, 2);
    for (int write = 0; write < 2; write++) {
      for (int tear = 0; tear <= 8192; tear += 512) {
        Arrays.fill(disk.bytes, (byte) 0);
        disk.restorePower();
        now(MetadataArea.write(disk, label, 1, payload(100, 0)));
        now(MetadataArea.write(disk, label, 2, before));
        disk.writesUntilPowerLoss = write;
        disk.tearAt = tear;
        assertEquals(ErrorCode.IO, code(MetadataArea.write(disk, label, 3, after)));
        disk.restorePower();
        Content found = now(MetadataArea.read(disk, label)).orElseThrow();
        assertArrayEquals(found.sequence() == 3 ? after : before, found.payload(), "write " + write + " torn at "
            + tear);
        assertTrue(found.sequence() >= 2);
        now(MetadataArea.write(disk, label, 4, before));
        expect(4, before);
      }
    }
  }

  @Test
  void metadataOfAnotherPoolAreNotTheDisks() {
    now(MetadataArea.write(disk, label, 90, payload(10, 1)));
    DiskLabel moved = label.inPool(DiskLabelTest.DISK);
    assertTrue(now(MetadataArea.read(disk, moved)).isEmpty());
    now(MetadataArea.write(disk, moved, 1, payload(20, 2)));
    assertEquals(1, now(MetadataArea.read(disk, moved)).orElseThrow().sequence());
  }

  @Test
  void anOlderStateIsRefusedAndTheSameAgainDoesNothing() {
    now(MetadataArea.write(disk, label, 7, payload(10, 1)));
    assertEquals(ErrorCode.CONFLICT, code(MetadataArea.write(disk, label, 6, payload(10, 2))));
    assertEquals(ErrorCode.CONFLICT, code(MetadataArea.write(disk, label, 7, payload(10, 2))));
    now(MetadataArea.write(disk, label, 7, payload(10, 1)));
    expect(7, payload(10, 1));
  }

  @Test
  void theSameAgainIsMadeStableSinceTheWriteBeforeMayHaveFailedAtItsVeryEnd() {
    now(MetadataArea.write(disk, label, 7, payload(10, 1)));
    disk.log.clear();
    now(MetadataArea.write(disk, label, 7, payload(10, 1)));
    assertEquals("FLUSH 0+0", disk.log.get(disk.log.size() - 1));
  }

  @Test
  void aPayloadTooLargeIsRefusedAndTheLargestFits() {
    int room = (int) MetadataArea.room(label);
    assertEquals((1 << 20) - 4096, room);
    assertEquals(ErrorCode.NO_SPACE, code(MetadataArea.write(disk, label, 1, new byte[room + 1])));
    now(MetadataArea.write(disk, label, 1, payload(room, 1)));
    now(MetadataArea.write(disk, label, 2, payload(room, 2)));
    expect(2, payload(room, 2));
    now(MetadataArea.write(disk, label, 3, new byte[0]));
    expect(3, new byte[0]);
  }

  @Test
  void whereNothingCanBeReadTheErrorIsTheAnswerAndNotEmptiness() {
    disk.failReads = true;
    assertEquals(ErrorCode.IO, code(MetadataArea.read(disk, label)));
  }

  @Test
  void headersCutOffOrWithAnyBitFlippedAreNotTaken() {
    byte[] block = MetadataSlot.of(DiskLabelTest.POOL, 5, payload(100, 1)).encode();
    assertNotNull(MetadataSlot.decode(block, DiskLabelTest.POOL, 1 << 20));
    for (int n = 0; n < block.length; n++) {
      assertNull(MetadataSlot.decode(Arrays.copyOf(block, n), DiskLabelTest.POOL, 1 << 20));
    }
    for (int bit = 0; bit < block.length * 8; bit++) {
      block[bit / 8] ^= (byte) (1 << bit % 8);
      assertNull(MetadataSlot.decode(block, DiskLabelTest.POOL, 1 << 20), "bit " + bit);
      block[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }
}
