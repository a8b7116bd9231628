package sluice.core.care;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Problem;

/** Larger and smaller while hosts write: the fakes check that nobody writes while the layout changes, nor by an old one afterwards. */
class ResizeTest {
  private static final long HALF = World.BLOCKS / 2 * World.BLOCK;
  private static final long FULL = World.BLOCKS * World.BLOCK;
  private final List<CommandResult> answers = new ArrayList<>();

  private static World world(boolean shared, String... hosts) {
    World w = new World(3, 2, shared, hosts);
    w.pool = w.pool.toBuilder().setUnitBytes(1).build();
    w.server.changed();
    w.run(2_000);
    for (FakeHost h : w.hosts.values()) h.writing = true;
    return w;
  }

  private void smaller(World w) {
    w.server.care.resize(HALF, w.catalog.volume.getName(), answers::add);
  }

  @Test
  void aVolumeThatIsWrittenToGrowsBetweenTwoWrites() {
    World w = world(true, "h1", "h2");
    w.catalog.volume = w.catalog.volume.toBuilder().setSizeBytes(HALF).build();
    w.server.changed();
    long acks = w.acks;
    w.server.care.resize(FULL, "", answers::add);
    w.run(5_000);
    assertTrue(answers.get(0).hasApplied(), answers::toString);
    assertEquals(2, w.catalog.epoch());
    w.run(1_000);
    assertTrue(w.acks > acks && w.hosts.get("h1").usable() && w.hosts.get("h2").usable());
    w.checkEqual();
  }

  @Test
  void itGrowsInTheMiddleOfARecoveryWhichGoesOnToTheNewEnd() {
    World w = world(false, "h1");
    w.hosts.get("h1").writing = false;
    w.run(1_000);
    w.catalog.volume = w.catalog.volume.toBuilder().setSizeBytes(HALF).setLayout(w.catalog.volume.getLayout().toBuilder().setEpoch(2)).build();
    w.server.changed();
    w.run(1_000);
    w.hosts.get("h1").writing = true;
    w.catalog.spares.add("s0");
    w.server.care.addLeg("new", x -> {});
    w.run(500);
    w.server.care.resize(FULL, "", answers::add);
    w.runUntilHealthy(60);
    assertTrue(answers.get(0).hasApplied(), answers::toString);
    assertEquals(FULL, w.catalog.volume.getSizeBytes());
    assertTrue(w.copiedBytes >= FULL, "all of the larger volume is on the new leg");
    w.checkEqual();
  }

  @Test
  void nobodyTakesBlocksFromAHostThatHasNotAgreed() {
    World w = world(true, "h1", "h2");
    w.hosts.get("h1").agreed = HALF;
    w.run(1_000);
    smaller(w);
    w.run(3_000);
    Problem problem = answers.get(0).getProblem();
    assertEquals(Problem.Code.CONFLICT, problem.getCode());
    assertEquals("what lies past the new end would be lost, and these have not agreed to that: host h2", problem.getWhy());
    assertTrue(problem.getCorrection().contains("agree-shrink"), problem::toString);
    assertEquals(1, w.catalog.epoch(), "never half done");
    w.hosts.get("h2").agreed = FULL - 1;
    w.run(1_000);
    smaller(w);
    assertTrue(answers.get(1).hasProblem(), "to less than that it has not agreed");
  }

  @Test
  void whoHasAgreedGetsTheSmallerVolumeAndThenTheRestIsFree() {
    World w = world(true, "h1", "h2");
    for (FakeHost h : w.hosts.values()) h.agreed = HALF;
    w.run(1_000);
    smaller(w);
    w.run(5_000);
    assertTrue(answers.get(0).hasApplied(), answers::toString);
    assertEquals(HALF, w.catalog.volume.getSizeBytes());
    assertEquals(1, w.catalog.freedTails);
    assertEquals(HALF, w.catalog.volume.getLayout().getSegments(0).getLengthBytes());
    assertEquals("", w.server.care.waitsFor());
  }

  @Test
  void theRestIsNotFreeBeforeEveryHostIsUnderTheNewEpoch() {
    World w = world(true, "h1", "h2");
    for (FakeHost h : w.hosts.values()) h.agreed = HALF;
    w.run(1_000);
    // Its lease runs out: it is not waited for in the change, but the space is.
    w.hosts.get("h2").partition(true);
    w.run(10_000);
    smaller(w);
    w.run(20_000);
    assertTrue(answers.get(0).hasApplied(), answers::toString);
    assertEquals(0, w.catalog.freedTails);
    assertTrue(w.server.care.waitsFor().contains("past the volume's new end"), w.server.care.waitsFor());
    w.restartServer();
    w.run(5_000);
    assertEquals(0, w.catalog.freedTails, "a server that starts anew remembers");
    answers.clear();
    w.server.care.resize(FULL, "", answers::add);
    w.run(15_000);
    assertEquals(Problem.Code.UNAVAILABLE, answers.get(0).getProblem().getCode(), "nor does it grow into what is not free yet");
    w.hosts.get("h2").partition(false);
    w.run(5_000);
    assertEquals(1, w.catalog.freedTails);
  }

  @Test
  void aHostThatHasAgreedInAnEarlierRunOfItsAgentHasNotAgreed() {
    World w = world(false, "h1");
    FakeHost h = w.hosts.get("h1");
    h.agreed = HALF;
    w.run(1_000);
    h.crash();
    h.agreed = 0;
    w.run(1_000);
    h.start();
    smaller(w);
    w.run(3_000);
    assertTrue(answers.get(0).hasProblem());
    assertEquals(FULL, w.catalog.volume.getSizeBytes());
  }

  @Test
  void theServerDiesInTheMiddleAndTheHostsGoOn() {
    for (int at = 0; at < 40; at++) {
      World w = world(true, "h1", "h2");
      for (FakeHost h : w.hosts.values()) h.agreed = HALF;
      w.run(1_000);
      smaller(w);
      w.run(at * 10L);
      w.restartServer();
      w.run(10_000);
      boolean done = w.catalog.volume.getSizeBytes() == HALF;
      assertEquals(done ? 2 : 1, w.catalog.epoch());
      assertEquals(done ? 1 : 0, w.catalog.freedTails, "killed after " + at * 10 + " ms");
      assertTrue(w.hosts.get("h1").usable() && w.hosts.get("h2").usable());
      assertFalse(w.server.care.order("h1").getStandStill());
      w.checkEqual();
    }
  }
}
