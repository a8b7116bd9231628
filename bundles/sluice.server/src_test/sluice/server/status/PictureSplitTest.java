package sluice.server.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Picture;
import sluice.protocol.v1.Volume;

class PictureSplitTest {
  private static Picture picture(int volumes) {
    Picture.Builder p = Picture.newBuilder().setNumber(7).setServerId("s1").addControlAddresses("a:1").addControlAddresses("b:2");
    for (int i = 0; i < volumes; i++) p.addVolumes(Volume.newBuilder().setId("v" + i).setName("name of volume " + i));
    return p.build();
  }

  @Test
  void aSmallPictureStaysAsItWas() {
    Picture p = picture(3);
    assertSame(p, PictureSplit.of(p).get(0));
  }

  @Test
  void partsAreWithinTheBoundAndMergedTheyAreThePicture() {
    Picture p = picture(500);
    List<Picture> parts = PictureSplit.of(p, 1000);
    assertTrue(parts.size() > 10);
    Picture.Builder merged = Picture.newBuilder();
    for (int i = 0; i < parts.size(); i++) {
      assertTrue(parts.get(i).getSerializedSize() < 1100, parts.get(i).getSerializedSize() + " bytes");
      assertEquals(i, parts.get(i).getPart());
      assertEquals(i < parts.size() - 1, parts.get(i).getMore());
      merged.mergeFrom(parts.get(i));
    }
    assertEquals(p, merged.clearPart().clearMore().build());
  }
}
