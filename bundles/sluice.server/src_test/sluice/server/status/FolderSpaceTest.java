package sluice.server.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FolderSpaceTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private static FolderSpace space(long free, long total) {
    return new FolderSpace(Path.of("/srv/s"), free, total);
  }

  @Test
  void aFolderIsShortOfSpaceUnder256MibOrUnderATwentiethOfItsFileSystem() {
    assertTrue(space(0, GIB).low());
    assertTrue(space(256 * MIB - 1, GIB).low());
    assertFalse(space(256 * MIB, GIB).low());
    assertTrue(space(GIB, 30 * GIB).low());
    assertFalse(space(2 * GIB, 1000 * GIB).low(), "so much is enough, however large the disk is");
    assertFalse(FolderSpace.unknown(Path.of("/srv/s")).low(), "what is not known is no alarm");
  }

  @Test
  void itsTextIsForPeople() {
    assertEquals("100 MiB of 20 GiB free in /srv/s", space(100 * MIB + 5, 20 * GIB + 7 * MIB).text());
    assertEquals("12 B of 1 GiB free in /srv/s", space(12, GIB).text());
  }
}
