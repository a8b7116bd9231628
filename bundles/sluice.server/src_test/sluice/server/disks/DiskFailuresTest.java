package sluice.server.disks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DiskFailuresTest {
  @Test
  void aDiskThatHasFailedIsAvoidedForSomeTimeAndThenNoMore() {
    DiskFailures failures = new DiskFailures();
    failures.failed("d1", "the disk reported an I/O error", 0);
    assertTrue(failures.recent(DiskFailures.NANOS).get("d1").contains("I/O error"));
    assertEquals(Map.of(), failures.recent(DiskFailures.NANOS + 1));
    failures.failed("d1", "again", 0);
    failures.forget("d1");
    assertEquals(Map.of(), failures.recent(0));
  }
}
