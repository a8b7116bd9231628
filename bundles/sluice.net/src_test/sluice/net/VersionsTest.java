package sluice.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sluice.api.SluiceException;

class VersionsTest {
  @Test
  void theNewestThatBothSpeakIsSpoken() {
    assertEquals(1, Versions.negotiate(1, 1, 1, 1));
    assertEquals(2, Versions.negotiate(1, 2, 2, 3));
    assertEquals(3, Versions.negotiate(2, 9, 2, 3));
  }

  @Test
  void whoIsTooOldIsToldToUpdate() {
    SluiceException oldPeer = assertThrows(SluiceException.class, () -> Versions.negotiate(1, 1, 2, 3));
    assertTrue(oldPeer.correction().contains("program that connects"));
    SluiceException oldServer = assertThrows(SluiceException.class, () -> Versions.negotiate(4, 5, 2, 3));
    assertTrue(oldServer.correction().contains("server"));
  }

  @Test
  void anEmptyOrReversedRangeIsRefused() {
    assertThrows(SluiceException.class, () -> Versions.negotiate(0, 0, 1, 1));
    assertThrows(SluiceException.class, () -> Versions.negotiate(3, 1, 1, 3));
  }
}
