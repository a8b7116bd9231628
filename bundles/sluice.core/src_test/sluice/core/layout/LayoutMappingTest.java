package sluice.core.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.api.layout.LegRole;
import sluice.api.layout.VolumeLayout;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
import sluice.protocol.v1.LegInfo;
import sluice.protocol.v1.Segment;
import sluice.protocol.v1.Volume;

class LayoutMappingTest {
  private static final long UNIT = 64 << 10;

  private static Extent.Builder extent(String disk, long offset, long length) {
    return Extent.newBuilder().setDiskId(disk).setOffsetBytes(offset).setLengthBytes(length);
  }

  private static Volume.Builder striped() {
    Segment.Builder first = Segment.newBuilder().setLengthBytes(4 * UNIT).setStripeUnitBytes(UNIT)
        .addLegs(Leg.newBuilder().addColumns(extent("a", 0, 2 * UNIT)).addColumns(extent("b", 8 * UNIT, 2 * UNIT)));
    Segment.Builder second = Segment.newBuilder().setStartBytes(4 * UNIT).setLengthBytes(2 * UNIT).setStripeUnitBytes(UNIT)
        .addLegs(Leg.newBuilder().addColumns(extent("b", 20 * UNIT, UNIT)).addColumns(extent("c", 0, UNIT)));
    return Volume.newBuilder().setId("v").setName("v1").setSizeBytes(6 * UNIT - 512).setStripes(2)
        .setLayout(Layout.newBuilder().setEpoch(3).addSegments(first).addSegments(second));
  }

  @Test
  void everyUnitOfAVolumeIsFoundWhereItsLayoutPutsIt() {
    VolumeLayout layout = LayoutMapping.layout(striped().build());
    assertEquals(3, layout.epoch());
    assertEquals(6 * UNIT - 512, layout.size());
    assertEquals(List.of("a", "b", "c"), layout.disks());
    List<String> pieces = new ArrayList<>();
    layout.pieces(0, 0, layout.size(), (disk, at, from, length) -> pieces.add(layout.disks().get(disk) + at / UNIT));
    assertEquals(List.of("a0", "b8", "a1", "b9", "b20", "c0"), pieces);
  }

  /** It is freed, perhaps given to another volume, under the same epoch: nobody may touch it any more, not even to flush. */
  @Test
  void whatASmallerVolumeHasPastItsEndIsNotMapped() {
    VolumeLayout layout = LayoutMapping.layout(striped().setSizeBytes(3 * UNIT).build());
    assertEquals(3 * UNIT, layout.size());
    assertEquals(List.of("a", "b"), layout.disks());
  }

  @Test
  void aLayoutThatBreaksARuleIsNotUsed() {
    broken("stripes", v -> v.setStripes(65));
    broken("stripes", v -> v.setStripes(-1));
    broken("no size", v -> v.setSizeBytes(0));
    broken("no epoch", v -> v.getLayoutBuilder().setEpoch(0));
    broken("before the volume", v -> v.setSizeBytes(7 * UNIT));
    broken("adjoin", v -> v.getLayoutBuilder().getSegmentsBuilder(1).setStartBytes(5 * UNIT));
    broken("wrong stripe unit", v -> v.getLayoutBuilder().getSegmentsBuilder(0).setStripeUnitBytes(3 << 12));
    broken("within a stripe unit", v -> v.getLayoutBuilder().getSegmentsBuilder(0).setStripeUnitBytes(4 * UNIT));
    broken("length", v -> v.getLayoutBuilder().getSegmentsBuilder(0).setLengthBytes(-UNIT));
    broken("2 legs", v -> v.getLayoutBuilder().getSegmentsBuilder(0).addLegs(Leg.getDefaultInstance()));
    broken("1 columns", v -> v.getLayoutBuilder().getSegmentsBuilder(0).getLegsBuilder(0).removeColumns(1));
    broken("wrong length", v -> column(v).setLengthBytes(UNIT));
    broken("beyond", v -> column(v).setOffsetBytes(-1));
    broken("beyond", v -> column(v).setOffsetBytes(Long.MAX_VALUE - UNIT));
    broken("no disk", v -> column(v).setDiskId(""));
    broken("two columns on one disk", v -> column(v).setDiskId("a"));
    broken("too many segments", v -> {
      for (int i = 0; i < LayoutRules.MAX_SEGMENTS; i++) v.getLayoutBuilder().addSegments(Segment.getDefaultInstance());
    });
  }

  /** Both legs of the one above: the second on the disks d, e and f. */
  private static Volume.Builder mirrored() {
    Volume.Builder volume = striped();
    for (Segment.Builder segment : volume.getLayoutBuilder().getSegmentsBuilderList()) {
      Leg.Builder second = segment.getLegs(0).toBuilder();
      for (Extent.Builder e : second.getColumnsBuilderList()) e.setDiskId(String.valueOf((char) (e.getDiskId().charAt(0) + 3)));
      segment.addLegs(second);
    }
    for (String disk : new String[] {"a", "d"}) {
      volume.getLayoutBuilder().addLegs(LegInfo.newBuilder().setId("leg " + disk).setState(LegInfo.State.IN_SYNC)
          .setIntents(extent(disk, 1 << 30, LayoutRules.INTENTS_BYTES)));
    }
    volume.getLayoutBuilder().setRegionBytes(LayoutRules.MIN_REGION_BYTES);
    return volume;
  }

  @Test
  void theRolesOfLegsAreMappedAndDisksOfStaleLegsAreNotUsed() {
    Volume.Builder volume = mirrored();
    volume.getLayoutBuilder().getLegsBuilder(1).setState(LegInfo.State.FILLING);
    VolumeLayout layout = LayoutMapping.layout(volume.build());
    assertEquals(List.of("a", "b", "d", "e", "c", "f"), layout.disks());
    assertEquals(LegRole.State.FILLING, layout.legs().get(1).state());
    assertEquals("leg d", layout.legs().get(1).id());
    assertEquals("d", layout.legs().get(1).intents().disk());
    volume.getLayoutBuilder().getLegsBuilder(1).setState(LegInfo.State.STALE);
    assertEquals(List.of("a", "b", "c"), LayoutMapping.layout(volume.build()).disks());
  }

  @Test
  void legsThatBreakARuleAreNotUsed() {
    broken(mirrored(), "5 legs", v -> {
      for (int l = 0; l < 3; l++) v.getLayoutBuilder().addLegs(v.getLayout().getLegs(0));
    });
    broken(mirrored(), "has 2 legs", v -> v.getLayoutBuilder().removeLegs(1));
    broken(mirrored(), "no leg of it is in sync", v -> legs(v, b -> b.setState(LegInfo.State.STALE)));
    broken(mirrored(), "a state", v -> legs(v, LegInfo.Builder::clearState));
    broken(mirrored(), "no id", v -> legs(v, LegInfo.Builder::clearId));
    broken(mirrored(), "one id", v -> legs(v, b -> b.setId("x")));
    broken(mirrored(), "no room for write intents", v -> legs(v, LegInfo.Builder::clearIntents));
    broken(mirrored(), "beside another's", v -> legs(v, b -> b.getIntentsBuilder().setDiskId("a")));
    broken(mirrored(), "within its data", v -> legs(v, b -> b.getIntentsBuilder().setOffsetBytes(0)));
    broken(mirrored(), "beyond its end", v -> v.getLayoutBuilder().getLegsBuilder(1).setState(LegInfo.State.STALE).setFilledBytes(7 * UNIT));
    broken(mirrored(), "two legs of it lie on one disk",
        v -> v.getLayoutBuilder().getSegmentsBuilder(1).getLegsBuilder(1).getColumnsBuilder(0).setDiskId("a"));
    broken(mirrored(), "stripe unit", v -> v.getLayoutBuilder().getSegmentsBuilder(1).setStripeUnitBytes(UNIT / 2));
    broken(mirrored(), "regions", v -> v.getLayoutBuilder().setRegionBytes(3 << 20));
    broken(mirrored(), "regions", v -> v.getLayoutBuilder().setRegionBytes(1 << 19));
    broken(striped(), "regions", v -> v.getLayoutBuilder().setRegionBytes(1 << 20));
  }

  private static void legs(Volume.Builder volume, Consumer<LegInfo.Builder> change) {
    volume.getLayoutBuilder().getLegsBuilderList().forEach(change);
  }

  @Test
  void regionsAreTheSmallestThatCoverTheVolume() {
    assertEquals(1 << 20, LayoutRules.regionBytes(1));
    assertEquals(1 << 20, LayoutRules.regionBytes(32_000L << 20));
    assertEquals(2 << 20, LayoutRules.regionBytes((32_000L << 20) + 1));
  }

  private static Extent.Builder column(Volume.Builder volume) {
    return volume.getLayoutBuilder().getSegmentsBuilder(0).getLegsBuilder(0).getColumnsBuilder(1);
  }

  private static void broken(String why, Consumer<Volume.Builder> change) {
    broken(striped(), why, change);
  }

  private static void broken(Volume.Builder volume, String why, Consumer<Volume.Builder> change) {
    change.accept(volume);
    SluiceException e = assertThrows(SluiceException.class, () -> LayoutMapping.layout(volume.build()), why);
    assertEquals(ErrorCode.CORRUPT, e.code());
    assertTrue(e.why().contains(why), e.why());
  }
}
