package sluice.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DiskUriTest {
  @Test
  void takesTheKnownSchemes() {
    assertEquals("/srv/d1.img", new DiskUri("file:/srv/d1.img").path());
    assertEquals("/dev/disk/by-id/wwn-1", new DiskUri("dev:/dev/disk/by-id/wwn-1").path());
    assertEquals("on", new DiskUri("file:/d?cache=on").parameter("cache"));
    assertNull(new DiskUri("file:/d").parameter("cache"));
    assertEquals("nbd", new DiskUri("nbd://h:10809/x").scheme());
    assertEquals("/s", new DiskUri("nbd+unix:///x?socket=/s").parameter("socket"));
  }

  @Test
  void refusesEverythingElseAndSaysWhy() {
    for (String bad : new String[] {"", "  ", "d1", "/srv/d1.img", "file:d1", "ftp://h/x", "nbd:///x", "nbd+unix:///x", "file:/a b", "x".repeat(2000)}) {
      SluiceException e = assertThrows(SluiceException.class, () -> new DiskUri(bad), bad);
      assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
      assertTrue(e.correction().contains("file:/srv/disk1.img"), e.correction());
    }
  }
}
