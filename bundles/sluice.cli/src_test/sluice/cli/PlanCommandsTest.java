package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.ChangePlan;
import sluice.protocol.v1.DiskBytes;
import sluice.protocol.v1.PlannedMove;
import sluice.protocol.v1.PlannedVolume;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Redundancy;
import sluice.protocol.v1.Reply;

class PlanCommandsTest {
  private static final long GIB = 1L << 30;
  private final FakeCluster cluster = new FakeCluster();
  private final ChangePlan.Builder plan = ChangePlan.newBuilder();

  @BeforeEach
  void aServerThatPlans() {
    cluster.answer = call -> Reply.newBuilder().setChangePlan(plan).build();
  }

  @Test
  void aPlanIsAskedForAndNothingElse() {
    plan.setCopiedBytes(GIB).addVolumes(PlannedVolume.newBuilder().setVolumeName("v1").setSizeBeforeBytes(GIB).setSizeAfterBytes(GIB)
        .addMoves(PlannedMove.newBuilder().setLeg(2).setCopiedBytes(GIB).addTo(DiskBytes.newBuilder().setDiskName("d2").setBytes(GIB)))
        .setBefore(Redundancy.newBuilder().setWords("1 copy; no disk may fail")).setAfter(Redundancy.newBuilder().setWords("2 copies; any disk may fail")))
        .addCandidates(Candidate.newBuilder().setDiskName("d1").setReason("leg 1 lies on it"))
        .addNotes("host h2 is not connected");
    assertEquals(0, cluster.run("volume", "add-leg", "v1", "--plan"), cluster.err());
    assertEquals(Call.BodyCase.ADD_LEG, cluster.last().getPlanChange().getCall().getBodyCase());
    assertEquals(1, cluster.calls.size());
    for (String part : new String[] {"v1        2  -     d2 1 GiB   1 GiB", "2 copies; any disk may fail", "to be copied in all: 1 GiB",
        "d1    no     leg 1 lies on it", "note: host h2 is not connected"}) {
      assertTrue(cluster.out().contains(part), cluster.out());
    }
    assertEquals(0, cluster.run("volume", "add-leg", "v1", "--plan", "-o", "json"));
    assertTrue(cluster.out().contains("\"copied_bytes\": 1073741824"), cluster.out());
  }

  @Test
  void whatCannotBeDoneIsSaidWithTheCandidatesAndFails() {
    plan.setProblem(Problem.newBuilder().setCode(Problem.Code.NO_SPACE).setWhat("Pool gold has no room").setCorrection("add disks to the pool"))
        .addCandidates(Candidate.newBuilder().setDiskName("d1").setReason("5 MiB free of 10 MiB needed"));
    int code = cluster.run("volume", "resize", "v1", "--size", "90G", "--plan");
    assertTrue(code != 0);
    assertTrue(cluster.out().contains("5 MiB free of 10 MiB needed"), cluster.out());
    assertTrue(cluster.err().contains("pool gold has no room") && cluster.err().contains("add disks to the pool"), cluster.err());
    assertFalse(cluster.out().contains("Nothing would change"));
    assertEquals(code, cluster.run("volume", "resize", "v1", "--size", "90G", "--plan", "-o", "json"));
  }
}
