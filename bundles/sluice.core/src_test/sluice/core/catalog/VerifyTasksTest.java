package sluice.core.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sluice.core.catalog.CatalogFixture.*;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.*;

class VerifyTasksTest {
  private static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).build();
  private final CatalogFixture c = new CatalogFixture();

  @BeforeEach
  void aMirroredVolumeAndAPlainOne() {
    c.pool(100 * MIB, 100 * MIB, 90 * MIB);
    Change.Builder change = createVolume(30, "v1", 10 * MIB);
    change.getCreateVolumeBuilder().setLegs(2);
    c.applied(change);
    c.applied(createVolume(31, "v2", 10 * MIB));
  }

  private static Change.Builder verify(int volume, int task) {
    return Change.newBuilder().setVerifyVolume(VerifyVolume.newBuilder().setVolumeId(id(volume)).setTaskId(id(task)));
  }

  private static NoteVerified.Builder note(int task, long bytes) {
    return NoteVerified.newBuilder().setTaskId(id(task)).setVerifiedBytes(bytes);
  }

  private void noted(NoteVerified.Builder note) {
    c.actor = SERVER;
    c.applied(Change.newBuilder().setNoteVerified(note));
  }

  private Task task() {
    return c.catalog.view().tasks().stream().filter(t -> t.getId().equals(id(50))).findFirst().orElseThrow();
  }

  @Test
  void oneLegHasNothingToBeComparedWith() {
    assertTrue(c.refused(Problem.Code.CONFLICT, verify(31, 50)).getCorrection().contains("add-leg v2"));
  }

  @Test
  void twoAtOnceAreOneTooMany() {
    c.applied(verify(30, 50));
    assertTrue(c.refused(Problem.Code.CONFLICT, verify(30, 51)).getCorrection().contains("task cancel " + id(50)));
  }

  @Test
  void repairIsFromALegThatIsThereOnly() {
    Change.Builder from = verify(30, 50);
    from.getVerifyVolumeBuilder().setRepairFromLegId(id(99));
    c.refused(Problem.Code.CONFLICT, from);
    from.getVerifyVolumeBuilder().setRepairFromLegId(c.volume(30).getLayout().getLegs(1).getId());
    c.applied(from);
    assertTrue(task().getVerification().getRepair());
  }

  @Test
  void whatIsFoundIsCountedOnceAndTheFirstRunsOfItKept() {
    c.applied(verify(30, 50));
    for (int i = 0; i < 3; i++) {
      NoteVerified.Builder note = note(50, (i + 1) * MIB);
      for (int r = 0; r < 40; r++) {
        long start = i * MIB + r * 8192;
        note.addRanges(DifferentRange.newBuilder().setStartBytes(start).setEndBytes(start + 4096).setRepaired(r % 2 == 0).setText("leg 1 was taken for right"));
      }
      noted(note);
      noted(note);
    }
    Verification v = task().getVerification();
    assertEquals(3 * 40 * 4096, v.getDifferentBytes());
    assertEquals(3 * 20 * 4096, v.getRepairedBytes());
    assertEquals(CatalogLimits.DIFFERENT_RANGES, v.getRangesCount());
    assertEquals(120 - CatalogLimits.DIFFERENT_RANGES, v.getMoreRanges());
    assertEquals(3 * MIB, v.getVerifiedBytes());
  }

  @Test
  void itsEndSaysWhatCameOfIt() {
    c.applied(verify(30, 50));
    noted(note(50, 10 * MIB).setEnded(true));
    assertEquals(Task.State.DONE, task().getState());
    assertEquals("all legs are alike", task().getHistory(task().getHistoryCount() - 1).getText());
    c.refused(Problem.Code.CONFLICT, Change.newBuilder().setNoteVerified(note(50, 10 * MIB)));
  }

  @Test
  void itEndsWhenNothingIsLeftToBeCompared() {
    c.applied(verify(30, 50));
    c.actor = SERVER;
    Volume v = c.volume(30);
    c.applied(Change.newBuilder().setDropLeg(DropLeg.newBuilder().setVolumeId(id(30)).setLegId(v.getLayout().getLegs(1).getId())
        .setEpoch(v.getLayout().getEpoch())));
    assertEquals(Task.State.CANCELLED, task().getState());
    assertEquals("there is only one leg left", task().getReason());
  }

  @Test
  void onlyTheServerSaysHowFarItIs() {
    c.applied(verify(30, 50));
    c.refused(Problem.Code.FORBIDDEN, Change.newBuilder().setNoteVerified(note(50, MIB)));
  }
}
