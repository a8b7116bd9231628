package sluice.core.care;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.LegInfo.State;
import sluice.protocol.v1.LineToDisk;

/** Who remembers that a disk was away. */
class LinesTest {
  private World w;

  @BeforeEach
  void aMirrorThatOneHostHolds() {
    w = new World(1, 2, false, "h1");
    w.run(2_000);
  }

  private static LineToDisk line(long number, boolean broken, long run) {
    return LineToDisk.newBuilder().setDiskId("d1").setNumber(number).setBroken(broken).setRun(run).build();
  }

  private void says(LineToDisk line) {
    w.hosts.get("h1").lines = List.of(line);
    w.run(2_000);
  }

  private List<LineToDisk> proved() {
    return w.server.care.order("h1").getProvedList();
  }

  private State second() {
    return w.catalog.volume.getLayout().getLegs(1).getState();
  }

  @Test
  void aLineIsProvedWhenTheServerHasLookedAtTheDisk() {
    assertTrue(w.server.care.order("h1").getProves());
    assertEquals(List.of(), proved());
    says(line(7, false, 0));
    assertEquals(List.of(LineToDisk.newBuilder().setDiskId("d1").setNumber(7).build()), proved());
    assertTrue(w.healthy());
  }

  @Test
  void aLineThatWasLostWhileTheServerHadTheDiskAllTheTimeIsOnlyThePath() {
    says(line(8, true, w.server.run));
    assertEquals(8, proved().get(0).getNumber());
    assertEquals(State.IN_SYNC, second());
    assertEquals(1, w.catalog.epoch());
  }

  /** It has given up the leg for its own loss of the disk; who says the same of it later has nothing to add. */
  @Test
  void whatTheServerHasSeenForItselfIsNotHeldAgainstTheLegAnewWhenAHostSaysItLate() {
    says(line(8, false, w.server.run));
    w.disk("d1", false);
    w.disk("d1", true);
    w.run(60_000);
    assertTrue(w.healthy());
    long epoch = w.catalog.epoch();
    assertTrue(epoch > 1, "the leg was not given up");
    says(line(9, true, w.server.run));
    w.run(60_000);
    assertEquals(epoch, w.catalog.epoch());
    assertEquals(9, proved().get(0).getNumber());
  }

  @Test
  void aLineThatWasLostWhileTheServerWasAwayGivesTheLegUp() {
    says(line(0, true, w.server.run - 1));
    w.run(60_000);
    assertTrue(w.catalog.epoch() > 1, "the leg was not given up");
    assertEquals(State.IN_SYNC, second(), w.server.care.waitsFor());
  }

  @Test
  void oneLossCountsOnce() {
    says(line(0, true, w.server.run - 1));
    w.run(60_000);
    long epoch = w.catalog.epoch();
    says(line(9, true, w.server.run - 1));
    w.run(60_000);
    assertEquals(epoch, w.catalog.epoch());
    assertEquals(9, proved().get(0).getNumber());
  }

  @Test
  void theLastCopyIsKeptWhateverAHostHasSeen() {
    w.disk("d0", false);
    w.run(10_000);
    says(line(5, true, w.server.run - 1));
    w.run(10_000);
    assertEquals(State.IN_SYNC, second());
    assertEquals(5, proved().get(0).getNumber(), "the host could not go on");
  }

  @Test
  void aServerThatHasStartedServesWhenItHasHeardTheHolders() {
    w.hosts.get("h1").partition(true);
    w.restartServer();
    w.run(60_000);
    assertTrue(w.server.holds());
    w.hosts.get("h1").partition(false);
    w.run(10_000);
    assertFalse(w.server.holds(), w.server.care.waitsFor());
  }

  /** An idle line that has broken is not noticed before it is used; so the host is asked to look. */
  @Test
  void itServesOnlyWhenHostsHaveSeenThatTheLinesTheyHadBeforeAreStillGood() {
    w.hosts.get("h1").lines = List.of(line(7, false, w.server.run));
    w.run(2_000);
    w.restartServer();
    w.run(10_000);
    assertTrue(w.server.holds());
    assertEquals(7, proved().get(0).getNumber(), "it is asked to look");
    says(line(7, true, w.server.run - 1));
    w.run(60_000);
    assertFalse(w.server.holds(), w.server.care.waitsFor());
    assertTrue(w.catalog.epoch() > 1, "the leg was not given up");
  }

  /** One that another holder may know to lead to a disk that was away is not to be used before that one is heard. */
  @Test
  void newLinesAreProvedWhenEverybodyHasBeenHeard() {
    w = new World(1, 2, false, "h1");
    w.hosts.get("h1").lines = List.of(line(7, false, w.server.run), line(3, false, 0).toBuilder().setDiskId("d0").build());
    w.run(2_000);
    w.restartServer();
    w.run(10_000);
    assertEquals(List.of(7L), proved().stream().map(LineToDisk::getNumber).toList());
  }

  @Test
  void ofASharedVolumeItWaitsForThoseThatAreNotOut() {
    w = new World(1, 2, true, "h1", "h2");
    w.run(2_000);
    w.hosts.get("h2").partition(true);
    w.restartServer();
    w.run(1_000);
    assertTrue(w.server.holds());
    w.run(30_000);
    assertFalse(w.server.holds(), w.server.care.waitsFor());
  }
}
