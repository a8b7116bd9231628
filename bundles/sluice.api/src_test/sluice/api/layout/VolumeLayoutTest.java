package sluice.api.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VolumeLayoutTest {
  private static final int UNIT = 64 << 10;

  private static Segment linear(long start, long length, String disk, long offset) {
    return new Segment(start, length, UNIT, List.of(List.of(new Extent(disk, offset, length))));
  }

  private static Segment striped(long start, long length, long offset, String... disks) {
    List<Extent> columns = new ArrayList<>();
    for (String d : disks) columns.add(new Extent(d, offset, length / disks.length));
    return new Segment(start, length, UNIT, List.of(columns));
  }

  private static List<String> pieces(VolumeLayout layout, long offset, long length) {
    List<String> out = new ArrayList<>();
    layout.pieces(0, offset, length, (disk, at, volume, n) -> out.add(layout.disks().get(disk) + "@" + at + "+" + n + "=" + volume));
    return out;
  }

  @Test
  void aLinearRangeIsOnePiece() {
    VolumeLayout l = new VolumeLayout(1, 1 << 20, List.of(linear(0, 1 << 20, "a", 4096)));
    assertEquals(List.of("a@8192+100=4096"), pieces(l, 4096, 100));
  }

  @Test
  void aRangeOverTwoSegmentsIsTwoPieces() {
    VolumeLayout l = new VolumeLayout(1, 2 << 20, List.of(linear(0, 1 << 20, "a", 0), linear(1 << 20, 1 << 20, "b", 777 * 4096)));
    assertEquals(
        List.of("a@1044480+4096=1044480", "b@" + 777 * 4096 + "+4096=1048576"), pieces(l, (1 << 20) - 4096, 8192));
  }

  @Test
  void stripeUnitsGoRoundTheColumns() {
    VolumeLayout l = new VolumeLayout(1, 4 * UNIT, List.of(striped(0, 4 * UNIT, 0, "a", "b")));
    assertEquals(
        List.of("a@0+65536=0", "b@0+65536=65536", "a@65536+65536=131072", "b@65536+65536=196608"), pieces(l, 0, 4 * UNIT));
  }

  @Test
  void everyByteHasExactlyOnePlaceWhateverTheRange() {
    Random random = new Random(7);
    VolumeLayout l = new VolumeLayout(3, 30 * UNIT, List.of(
        striped(0, 12 * UNIT, 1 << 20, "a", "b", "c"), linear(12 * UNIT, 6 * UNIT, "d", 0), striped(18 * UNIT, 12 * UNIT, 8 << 20, "a", "d")));
    for (int i = 0; i < 500; i++) {
      long from = random.nextInt(30 * UNIT);
      long length = 1 + random.nextInt((int) (30 * UNIT - from));
      long[] at = {from};
      l.pieces(0, from, length, (disk, offset, volume, n) -> {
        assertEquals(at[0], volume);
        // the piece's last byte, looked up alone, is where the piece says
        l.pieces(0, volume + n - 1, 1, (d2, o2, v2, n2) -> {
          assertEquals(disk, d2);
          assertEquals(offset + n - 1, o2);
        });
        at[0] += n;
      });
      assertEquals(from + length, at[0]);
    }
  }

  @Test
  void refusesLayoutsThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(1, 10, List.of(linear(5, 10, "a", 0))));
    assertThrows(IllegalArgumentException.class, () -> new VolumeLayout(1, 11, List.of(linear(0, 10, "a", 0))));
    assertThrows(IllegalArgumentException.class, () -> new Segment(0, 10, 3, List.of(List.of(new Extent("a", 0, 9)))));
    assertThrows(IllegalArgumentException.class, () -> striped(0, 3 * UNIT, 0, "a", "b"));
    VolumeLayout l = new VolumeLayout(1, 10, List.of(linear(0, 10, "a", 0)));
    assertThrows(IllegalArgumentException.class, () -> pieces(l, 5, 6));
  }

  @Test
  void aLegThatReplacesAnotherLeavesOutWhatBothHaveAndALegMayHaveSegmentsOfItsOwn() {
    Extent a = new Extent("a", 0, 65536);
    Extent b = new Extent("b", 0, 65536);
    Extent moved = new Extent("c", 0, 65536);
    Extent own = new Extent("d", 0, 131072);
    List<LegRole> roles = List.of(new LegRole("l1", LegRole.State.IN_SYNC, null), new LegRole("l2", LegRole.State.FILLING, null, "l1", List.of()),
        new LegRole("l3", LegRole.State.IN_SYNC, null, "", List.of(new Segment(0, 131072, 4096, List.of(List.of(own))))));
    VolumeLayout layout = new VolumeLayout(1, 131072, List.of(new Segment(0, 131072, 4096, List.of(List.of(a, b), List.of(a, moved), List.of()))), roles, 0);
    long[] bytes = new long[layout.disks().size()];
    layout.pieces(1, 0, 131072, (disk, at, volume, length) -> bytes[disk] += length);
    assertEquals(65536, bytes[layout.disks().indexOf("c")]);
    assertEquals(0, bytes[layout.disks().indexOf("a")]);
    long[] runs = new long[1];
    layout.runs(1, 0, 131072, (disk, at, volume, length) -> runs[0] += length);
    assertEquals(65536, runs[0]);
    layout.pieces(2, 4096, 8192, (disk, at, volume, length) -> assertEquals("d 4096 8192", layout.disks().get(disk) + " " + at + " " + length));
  }
}
