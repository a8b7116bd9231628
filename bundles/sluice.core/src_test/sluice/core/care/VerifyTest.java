package sluice.core.care;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.core.care.CareEffects.Difference;
import sluice.protocol.v1.DifferentRange;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;

/** A verification from its task in the catalog to its end. */
class VerifyTest {
  private World w;

  @BeforeEach
  void aMirrorThatOneHostHolds() {
    w = new World(1, 2, false, "h1");
    w.run(2_000);
  }

  private void begin() {
    put(Task.newBuilder().setId("t").setKind(Task.Kind.VERIFY).setVolumeId(FakeCatalog.VOLUME).setState(Task.State.RUNNING).build());
  }

  private void put(Task task) {
    w.catalog.tasks.put(task.getId(), task);
    w.server.changed();
  }

  private Task task() {
    return w.catalog.tasks.get("t");
  }

  @Test
  void itGoesOverAllOfTheVolumeAndEndsAtExactlyAll() {
    w.hosts.get("h1").writing = true;
    begin();
    w.run(60_000);
    assertEquals(Task.State.DONE, task().getState(), w.server.care.waitsFor());
    assertEquals(w.catalog.volume.getSizeBytes(), task().getVerification().getVerifiedBytes());
    long done = 0;
    for (TaskStatus s : w.statuses) {
      if (!s.getTaskId().equals("t")) continue;
      assertTrue(s.getDoneBytes() >= done && s.getDoneBytes() <= s.getTotalBytes(), s.toString());
      done = s.getDoneBytes();
    }
    assertEquals(0, w.server.care.facts().windowEnd(), "the window is left open");
  }

  @Test
  void whatDiffersIsNotedOnceWithWhyNothingIsKnown() {
    w.differences.add(new Difference(8192, 12288, "", List.of(), false));
    begin();
    w.run(60_000);
    List<DifferentRange> ranges = task().getVerification().getRangesList();
    assertEquals(1, ranges.size(), ranges.toString());
    assertEquals(8192, ranges.get(0).getStartBytes());
    assertEquals("it is not known which leg is right", ranges.get(0).getText());
  }

  @Test
  void itStandsWhilePausedAndGoesOnWhereItStood() {
    begin();
    w.run(20);
    put(task().toBuilder().setState(Task.State.PAUSED).build());
    w.run(30_000);
    assertEquals(Task.State.PAUSED, task().getState());
    assertEquals("the verification is paused", w.statuses.get(w.statuses.size() - 1).getWaitsFor());
    put(task().toBuilder().setState(Task.State.RUNNING).build());
    w.run(60_000);
    assertEquals(Task.State.DONE, task().getState());
  }

  @Test
  void whatACancelledOneWasAboutToNoteIsNotNotedOfTheNext() {
    w.differences.add(new Difference(8192, 12288, "", List.of(), true));
    w.afterFlush = () -> {
      w.catalog.tasks.put("t", task().toBuilder().setState(Task.State.CANCELLED).build());
      put(Task.newBuilder().setId("u").setKind(Task.Kind.VERIFY).setVolumeId(FakeCatalog.VOLUME).setState(Task.State.RUNNING).build());
    };
    begin();
    for (int ms = 0; ms < 60_000 && w.afterFlush != null; ms++) w.run(1);
    assertNull(w.afterFlush, "nothing was flushed");
    w.run(50);
    assertEquals(0, w.catalog.tasks.get("u").getVerification().getVerifiedBytes());
    w.run(60_000);
    assertEquals(Task.State.DONE, w.catalog.tasks.get("u").getState(), w.server.care.waitsFor());
  }

  @Test
  void itGoesOnAfterTheServerHasStartedAnew() {
    begin();
    w.run(20);
    w.restartServer();
    w.run(60_000);
    assertEquals(Task.State.DONE, task().getState(), w.server.care.waitsFor());
  }

  @Test
  void itWaitsUntilTwoCopiesAreInSync() {
    w.disk("d1", false);
    w.run(5_000);
    begin();
    w.run(10_000);
    assertEquals(Task.State.RUNNING, task().getState());
    assertTrue(w.statuses.get(w.statuses.size() - 1).getWaitsFor().contains("only one copy"), w.statuses.get(w.statuses.size() - 1).toString());
    w.disk("d1", true);
    w.run(60_000);
    assertEquals(Task.State.DONE, task().getState(), w.server.care.waitsFor());
  }
}
