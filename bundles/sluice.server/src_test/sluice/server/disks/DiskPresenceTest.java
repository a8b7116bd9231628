package sluice.server.disks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import sluice.protocol.v1.DiskStatus;

class DiskPresenceTest {
  private static final long S = 1_000_000_000L;
  private final DiskPresence disk = new DiskPresence(100, 0);

  @Test
  void aDiskIsTriedAtOnceAndThenAtGrowingIntervalsUpToHalfAMinute() {
    assertTrue(disk.due(0));
    long now = 0;
    for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
      disk.offline("gone", 200, now);
      assertFalse(disk.due(now + seconds * S - 1));
      assertTrue(disk.due(now + seconds * S));
      now += seconds * S;
    }
    disk.online("file:/a", 300);
    assertFalse(disk.due(now + 1000 * S));
    disk.offline("gone", 400, now);
    assertTrue(disk.due(now + S));
  }

  @Test
  void aStateIsNewsOnceAndSinceIsWhenItBegan() {
    assertTrue(disk.online("file:/a", 200));
    assertFalse(disk.online("file:/a", 300));
    assertTrue(disk.offline("gone", 400, 0));
    assertFalse(disk.offline("gone", 500, 0));
    assertTrue(disk.offline("still gone", 600, 0));
    assertEquals(400, disk.status("d").getSinceMs());
    assertTrue(disk.wrong("another disk", 700, 0));
    assertEquals(DiskStatus.State.WRONG, disk.state());
    assertEquals(700, disk.status("d").getSinceMs());
  }

  @Test
  void whoeverAsksGetsALookAtOnce() {
    disk.offline("gone", 200, 0);
    disk.offline("gone", 200, 0);
    assertFalse(disk.due(S));
    disk.recheck(S);
    assertTrue(disk.due(S));
  }
}
