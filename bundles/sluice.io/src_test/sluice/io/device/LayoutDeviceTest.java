package sluice.io.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sluice.api.block.BlockDevice;
import sluice.api.block.BlockDevice.StatusSink;
import sluice.api.block.BlockOp;
import sluice.api.block.IoError;
import sluice.api.layout.Extent;
import sluice.api.layout.LegRole;
import sluice.api.layout.Segment;
import sluice.api.layout.VolumeLayout;
import sluice.io.testing.ManualLoop;
import sluice.io.testing.MemoryDisk;
import sluice.io.testing.Op;

class LayoutDeviceTest {
  private static final int MIB = 1 << 20;
  private static final int UNIT = 64 << 10;
  private final ManualLoop loop = new ManualLoop();
  private final MemoryDisk a = new MemoryDisk(loop, 8 * MIB, 4096);
  private final MemoryDisk b = new MemoryDisk(loop, 8 * MIB, 512);
  private final MemoryDisk c = new MemoryDisk(loop, 8 * MIB, 512);

  private static Extent on(String disk, int mib, int length) {
    return new Extent(disk, (long) mib * MIB, (long) length * MIB);
  }

  /** 2 MiB linear on a, 6 MiB striped over a, b and c, 1 MiB linear on b. */
  private final VolumeLayout layout = new VolumeLayout(7, 9 * MIB, List.of(
      new Segment(0, 2 * MIB, UNIT, List.of(List.of(on("a", 5, 2)))),
      new Segment(2 * MIB, 6 * MIB, UNIT, List.of(List.of(on("a", 1, 2), on("b", 2, 2), on("c", 3, 2)))),
      new Segment(8 * MIB, MIB, UNIT, List.of(List.of(on("b", 0, 1))))));

  private final LayoutDevice volume = new LayoutDevice(loop, layout, new BlockDevice[] {a, b, c});

  private void atOnce() {
    a.atOnce = b.atOnce = c.atOnce = true;
  }

  @Test
  void traitsAreTheStrictestOfTheDisks() {
    assertEquals(9 * MIB, volume.traits().size());
    assertEquals(4096, volume.traits().alignment());
  }

  @Test
  void aRequestWithinOnePieceIsOneRequestBelow() {
    volume.submit(Op.read(4096, 8192));
    assertEquals(List.of("READ " + (5 * MIB + 4096) + "+8192"), a.log);
  }

  @Test
  void aRequestOverStripesEndsOnceWhenAllItsPiecesHave() {
    Op write = Op.write(2 * MIB, new byte[3 * UNIT]);
    volume.submit(write);
    a.completeAll();
    c.completeAll();
    assertFalse(write.done());
    b.completeAll();
    assertTrue(write.good());
    assertEquals(List.of("WRITE " + 2 * MIB + "+" + UNIT), b.log);
  }

  @Test
  void theFirstErrorIsTheRequestsAndItStillWaitsForAll() {
    Op write = Op.write(2 * MIB, new byte[3 * UNIT]);
    volume.submit(write);
    b.failNext = IoError.EIO;
    b.completeAll();
    c.failNext = IoError.ENXIO;
    c.completeAll();
    assertFalse(write.done());
    a.completeAll();
    assertEquals(IoError.EIO, write.result);
  }

  @Test
  void flushGoesToEveryDisk() {
    atOnce();
    Op flush = new Op(BlockOp.FLUSH, 0, 0);
    volume.submit(flush);
    assertTrue(flush.good());
    for (MemoryDisk disk : List.of(a, b, c)) assertEquals(1, disk.count(BlockOp.FLUSH));
  }

  @Test
  void aLongTrimIsOneRunForEachColumn() {
    atOnce();
    Op trim = new Op(BlockOp.TRIM, 0, 9 * MIB);
    volume.submit(trim);
    assertTrue(trim.good());
    assertEquals(List.of("TRIM " + 5 * MIB + "+" + 2 * MIB, "TRIM " + MIB + "+" + 2 * MIB), a.log);
    assertEquals(List.of("TRIM " + 2 * MIB + "+" + 2 * MIB, "TRIM 0+" + MIB), b.log);
    assertEquals(List.of("TRIM " + 3 * MIB + "+" + 2 * MIB), c.log);
  }

  @Test
  void runsCoverExactlyTheBytesThatPiecesDo() {
    Random random = new Random(3);
    for (int i = 0; i < 80; i++) {
      long offset = random.nextInt(9 * MIB - 1);
      long length = 1 + random.nextInt((int) (9 * MIB - offset));
      byte[][] byPieces = new byte[3][8 * MIB];
      byte[][] byRuns = new byte[3][8 * MIB];
      layout.pieces(0, offset, length, (d, at, v, n) -> Arrays.fill(byPieces[d], (int) at, (int) (at + n), (byte) 1));
      layout.runs(0, offset, length, (d, at, v, n) -> Arrays.fill(byRuns[d], (int) at, (int) (at + n), (byte) 1));
      for (int d = 0; d < 3; d++) {
        assertArrayEquals(byPieces[d], byRuns[d], "disk " + d + " for " + offset + "+" + length);
      }
    }
  }

  @Test
  void everyByteComesBackFromWhereItWasPut() {
    atOnce();
    byte[] model = new byte[9 * MIB];
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      int offset = random.nextInt(9 * MIB / 4096) * 4096;
      int length = Math.min(9 * MIB - offset, (1 + random.nextInt(200)) * 4096);
      if (random.nextInt(5) == 0) {
        volume.submit(new Op(BlockOp.WRITE_ZEROES, offset, length));
        Arrays.fill(model, offset, offset + length, (byte) 0);
      } else {
        byte[] data = new byte[length];
        random.nextBytes(data);
        Op write = Op.write(offset, data);
        volume.submit(write);
        assertTrue(write.good());
        System.arraycopy(data, 0, model, offset, length);
      }
    }
    Op all = Op.read(0, 9 * MIB);
    volume.submit(all);
    assertTrue(all.good());
    assertArrayEquals(model, all.data());
  }

  @Test
  void aCompletionMaySubmitTheNextRequest() {
    atOnce();
    Op first = Op.write(2 * MIB, new byte[3 * UNIT]);
    Op second = Op.write(2 * MIB, new byte[3 * UNIT]);
    first.then = () -> volume.submit(second);
    volume.submit(first);
    assertTrue(first.good() && second.good());
  }

  @Test
  void closingWaitsForItsRequestsAndLeavesTheDisksOpen() {
    Op read = Op.read(0, 4096);
    volume.submit(read);
    boolean[] closed = new boolean[1];
    volume.close().thenRun(() -> closed[0] = true);
    Op late = Op.read(0, 4096);
    volume.submit(late);
    assertEquals(IoError.ESHUTDOWN, late.result);
    assertFalse(closed[0]);
    a.completeAll();
    assertTrue(read.good() && closed[0]);
    assertEquals(0, a.closes);
  }

  @Test
  void disksThatDoNotFitTheLayoutAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new LayoutDevice(loop, layout, new BlockDevice[] {a, b}));
    assertThrows(IllegalArgumentException.class, () ->
        new LayoutDevice(new ManualLoop(), layout, new BlockDevice[] {a, b, c}));
    MemoryDisk small = new MemoryDisk(loop, 4 * MIB, 512);
    assertThrows(IllegalArgumentException.class, () -> new LayoutDevice(loop, layout, new BlockDevice[] {small, b, c}));
    VolumeLayout odd = new VolumeLayout(1, MIB,
        List.of(new Segment(0, MIB, UNIT, List.of(List.of(new Extent("a", 512, MIB))))));
    assertThrows(IllegalArgumentException.class, () -> new LayoutDevice(loop, odd, new BlockDevice[] {a}));
  }

  private static VolumeLayout mirror(LegRole.State first) {
    return new VolumeLayout(1, MIB, List.of(new Segment(0, MIB, UNIT, List.of(List.of(on("a", 1, 1)), List.of(on("b", 2, 1))))),
        List.of(new LegRole("l1", first, null), new LegRole("l2", LegRole.State.IN_SYNC, null)), 0);
  }

  @Test
  void aLegIsOnItsOwnDisksOnly() {
    LayoutDevice leg = new LayoutDevice(loop, mirror(LegRole.State.IN_SYNC), 1, new BlockDevice[] {null, b});
    leg.submit(new Op(BlockOp.FLUSH, 0, 0));
    leg.submit(Op.read(4096, 4096));
    assertEquals(List.of("FLUSH 0+0", "READ " + (2 * MIB + 4096) + "+4096"), b.log);
    Set<String> busy = new HashSet<>();
    leg.busyDisks(busy);
    assertEquals(Set.of("b"), busy);
    assertEquals(2, leg.underWay());
    b.completeAll();
    assertEquals(0, leg.underWay());
  }

  @Test
  void aStaleLegIsNoDevice() {
    assertThrows(IllegalArgumentException.class, () ->
        new LayoutDevice(loop, mirror(LegRole.State.STALE), 0, new BlockDevice[] {b}));
    new LayoutDevice(loop, mirror(LegRole.State.STALE), 1, new BlockDevice[] {b});
  }

  @Test
  void aRequestThatFailedSaysOnWhichDisk() {
    Op write = Op.write(2 * MIB, new byte[3 * UNIT]);
    String[] disk = new String[1];
    write.then = () -> disk[0] = volume.failedDisk();
    volume.submit(write);
    c.failNext = IoError.EIO;
    c.completeAll();
    a.completeAll();
    b.completeAll();
    assertEquals("c", disk[0]);
  }

  @Test
  void statusJoinsWhatTheDisksSay() {
    atOnce();
    volume.submit(Op.write(2 * MIB + UNIT, filled(UNIT)));
    assertEquals((2 * MIB + UNIT) + "h " + UNIT + "d " + (4 * UNIT) + "h 0", status(0, 2 * MIB + 6 * UNIT));
    assertEquals("4096d 4096h 0", status(2 * MIB + 2 * UNIT - 4096, 8192));
  }

  private static byte[] filled(int length) {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) 9);
    return data;
  }

  private String status(long offset, long length) {
    StringBuilder text = new StringBuilder();
    volume.status(offset, length, new StatusSink() {
      @Override
      public void range(long part, int flags) {
        text.append(part).append(flags == DATA ? "d " : "h ");
      }

      @Override
      public void completed(int error) {
        text.append(error);
      }
    });
    return text.toString();
  }
}
