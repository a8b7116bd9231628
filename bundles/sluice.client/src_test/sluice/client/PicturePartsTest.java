package sluice.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;

class PicturePartsTest {
  private final PictureParts parts = new PictureParts();

  private static Picture part(int number, boolean more) {
    return Picture.newBuilder().setPart(number).setMore(more).setNumber(number == 0 ? 9 : 0).addVolumes(Volume.newBuilder().setId("v" + number)).build();
  }

  @Test
  void theLastPartMakesThePicture() {
    assertTrue(parts.add(part(0, true)).isEmpty());
    assertTrue(parts.add(part(1, true)).isEmpty());
    Picture whole = parts.add(part(2, false)).orElseThrow();
    assertEquals(3, whole.getVolumesCount());
    assertEquals(9, whole.getNumber());
    assertEquals(0, whole.getPart());
  }

  @Test
  void aPictureOfOneMessageIsOne() {
    assertEquals(part(0, false), parts.add(part(0, false)).orElseThrow());
  }

  @Test
  void oneThatBeginsAnewMakesWhatCameBeforeVoidAndAPartOutOfTurnIsDropped() {
    parts.add(part(0, true));
    parts.add(part(1, true));
    assertTrue(parts.add(part(0, true)).isEmpty());
    assertTrue(parts.add(part(2, false)).isEmpty());
    assertEquals(2, parts.add(part(1, false)).orElseThrow().getVolumesCount());
  }
}
