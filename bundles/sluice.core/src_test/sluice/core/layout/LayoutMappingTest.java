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
import sluice.api.layout.VolumeLayout;
import sluice.protocol.v1.Extent;
import sluice.protocol.v1.Layout;
import sluice.protocol.v1.Leg;
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

  private static Extent.Builder column(Volume.Builder volume) {
    return volume.getLayoutBuilder().getSegmentsBuilder(0).getLegsBuilder(0).getColumnsBuilder(1);
  }

  private static void broken(String why, Consumer<Volume.Builder> change) {
    Volume.Builder volume = striped();
    change.accept(volume);
    SluiceException e = assertThrows(SluiceException.class, () -> LayoutMapping.layout(volume.build()), why);
    assertEquals(ErrorCode.CORRUPT, e.code());
    assertTrue(e.why().contains(why), e.why());
  }
}
