package sluice.io.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.api.SluiceException;
import sluice.io.label.LabelResult.State;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.MemoryDisk;

class LabelIoTest {
  private static final int SIZE = 16 << 20;
  private final MemoryDisk disk = new MemoryDisk(new ManualLoop(), SIZE, 4096);
  private final DiskLabel label = DiskLabel.fresh(DiskLabelTest.DISK, DiskLabelTest.CLUSTER, "d1", SIZE);

  @BeforeEach
  void completeAtOnce() {
    disk.atOnce = true;
  }

  static <T> T now(CompletionStage<T> stage) {
    assertTrue(stage.toCompletableFuture().isDone());
    return stage.toCompletableFuture().join();
  }

  private void clear(int from, int length) {
    Arrays.fill(disk.bytes, from, from + length, (byte) 0);
  }

  @Test
  void aLabelThatWasWrittenIsReadAndWasMadeStable() {
    now(LabelIo.write(disk, label));
    assertEquals(LabelResult.found(label, ""), now(LabelIo.read(disk)));
    assertTrue(disk.log.subList(0, 2).stream().allMatch(l -> l.endsWith("FUA")), disk.log.toString());
  }

  @Test
  void aDiskWithoutALabelIsBlank() {
    LabelResult result = now(LabelIo.read(disk));
    assertEquals(State.NONE, result.state());
    assertTrue(result.blank());
  }

  @Test
  void whatElseIsOnADiskIsSaid() {
    byte[] mark = "XFSB".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(mark, 0, disk.bytes, 0, 4);
    LabelResult xfs = now(LabelIo.read(disk));
    assertEquals("an XFS file system", xfs.note());
    clear(0, 4096);
    disk.bytes[1080] = 0x53;
    disk.bytes[1081] = (byte) 0xef;
    assertEquals("an ext2, ext3 or ext4 file system", now(LabelIo.read(disk)).note());
    clear(0, 4096);
    disk.bytes[100_000] = 1;
    assertEquals("data of an unknown kind", now(LabelIo.read(disk)).note());
  }

  @Test
  void theSecondCopyIsTakenWhenTheFirstIsBadAndTheNoteSaysSo() {
    now(LabelIo.write(disk, label));
    disk.bytes[50] ^= 1;
    LabelResult result = now(LabelIo.read(disk));
    assertEquals(label, result.label());
    assertTrue(result.note().contains("first copy"), result.note());
    clear(0, 4096);
    assertEquals(label, now(LabelIo.read(disk)).label());
  }

  @Test
  void aBadSecondCopyIsSaid() {
    now(LabelIo.write(disk, label));
    disk.bytes[SIZE - 4000] ^= 1;
    LabelResult result = now(LabelIo.read(disk));
    assertTrue(result.found() && result.note().contains("second copy"), result.note());
  }

  @Test
  void bothCopiesBadIsDamaged() {
    now(LabelIo.write(disk, label));
    disk.bytes[50] ^= 1;
    disk.bytes[SIZE - 4000] ^= 1;
    assertEquals(State.DAMAGED, now(LabelIo.read(disk)).state());
  }

  @Test
  void aDiskThatHasGrownKeepsItsLabelAndOneThatHasShrunkIsTold() {
    now(LabelIo.write(disk, label));
    MemoryDisk grown = new MemoryDisk(new ManualLoop(), SIZE + (1 << 20), 4096);
    grown.atOnce = true;
    System.arraycopy(disk.bytes, 0, grown.bytes, 0, SIZE);
    assertEquals(LabelResult.found(label, ""), now(LabelIo.read(grown)));
    DiskLabel larger = DiskLabel.fresh(DiskLabelTest.DISK, DiskLabelTest.CLUSTER, "d1", SIZE + (1 << 20));
    now(LabelIo.write(grown, larger));
    System.arraycopy(grown.bytes, 0, disk.bytes, 0, SIZE);
    assertEquals(State.SHRUNKEN, now(LabelIo.read(disk)).state());
  }

  @Test
  void aWriteThatIsCutOffAnywhereLeavesTheOldOrTheNewLabel() {
    DiskLabel next = label.inPool(DiskLabelTest.POOL);
    for (int write = 0; write < 2; write++) {
      for (int tear = 0; tear <= 4096; tear += 512) {
        disk.restorePower();
        now(LabelIo.write(disk, label));
        disk.writesUntilPowerLoss = write;
        disk.tearAt = tear;
        assertThrows(CompletionException.class, () -> now(LabelIo.write(disk, next)));
        disk.restorePower();
        DiskLabel found = now(LabelIo.read(disk)).label();
        assertTrue(label.equals(found) || next.equals(found), "write " + write + " torn at " + tear);
      }
    }
  }

  @Test
  void erasingLeavesNothingThatCouldBeTakenForSluices() {
    DiskLabel member = label.inPool(DiskLabelTest.POOL);
    now(LabelIo.write(disk, member));
    now(MetadataArea.write(disk, member, 1, new byte[] {1, 2, 3}));
    now(MetadataArea.write(disk, member, 2, new byte[] {4, 5, 6}));
    now(LabelIo.erase(disk));
    assertTrue(now(LabelIo.read(disk)).blank());
    now(LabelIo.write(disk, member));
    assertTrue(now(MetadataArea.read(disk, member)).isEmpty());
  }

  @Test
  void erasingTouchesNothingThatIsNotSluices() {
    disk.bytes[0] = 42;
    now(LabelIo.erase(disk));
    assertEquals(42, disk.bytes[0]);
  }

  @Test
  void aLabelForALargerDiskIsNotWritten() {
    DiskLabel larger = DiskLabel.fresh(DiskLabelTest.DISK, DiskLabelTest.CLUSTER, "d1", 2 * SIZE);
    CompletionException e = assertThrows(CompletionException.class, () -> now(LabelIo.write(disk, larger)));
    assertTrue(e.getCause() instanceof SluiceException);
    assertTrue(now(LabelIo.read(disk)).blank());
  }

  @Test
  void aDiskThatCannotBeReadFailsOrIsDamagedButIsNeverBlank() {
    now(LabelIo.write(disk, label));
    disk.failReads = true;
    assertEquals(State.DAMAGED, now(LabelIo.read(disk)).state());
  }
}
