package sluice.server.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyPaceTest {
  private static final long S = 1_000_000_000L;

  @Test
  void copiesKeepToTheRateAndWhatWasNotUsedIsNotMadeUpFor() {
    CopyPace pace = new CopyPace(1000);
    assertEquals(0, pace.waitNanos(0));
    pace.begins(500, 0);
    assertEquals(S / 2, pace.waitNanos(0));
    assertEquals(0, pace.waitNanos(100 * S));
    pace.begins(1000, 100 * S);
    assertEquals(S, pace.waitNanos(100 * S));
  }

  @Test
  void aNewRateCountsAtOnce() {
    CopyPace pace = new CopyPace(1);
    pace.begins(1000, 0);
    assertEquals(1000 * S, pace.waitNanos(0));
    pace.rate(1000, S);
    assertEquals(S, pace.waitNanos(S));
    pace.rate(0, S);
    assertEquals(0, pace.waitNanos(S));
  }

  @Test
  void whoFoundNoRoomIsCalledInTurnAndWhoDoesNotWantItAnyMoreKeepsNobodyWaiting() {
    CopyRoom room = new CopyRoom();
    List<String> called = new ArrayList<>();
    for (int i = 0; i < CopyRoom.MOST; i++) room.take(() -> called.add("never"));
    room.take(() -> called.add("does not want it"));
    room.take(() -> called.add("second " + room.take(() -> {})));
    room.take(() -> called.add("third"));
    room.giveBack();
    assertEquals(List.of("does not want it", "second true"), called);
    room.giveBack();
    assertEquals("third", called.get(2));
  }
}
