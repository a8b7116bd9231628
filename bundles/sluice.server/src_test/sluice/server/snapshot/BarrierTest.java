package sluice.server.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sluice.protocol.v1.Applied;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.SnapshotMember;
import sluice.protocol.v1.TakeSnapshot;

class BarrierTest {
  private final List<TakeSnapshot> put = new ArrayList<>();
  private final List<String> answers = new ArrayList<>();
  private final Map<String, String> unsettled = new TreeMap<>();
  private CompletableFuture<CommandResult> result = new CompletableFuture<>();
  private final Barrier barrier = new Barrier(TakeSnapshot.newBuilder().setGroupId("g").setName("s1")
      .addMembers(SnapshotMember.newBuilder().setVolumeId("v1").setAreaBytes(16))
      .addMembers(SnapshotMember.newBuilder().setVolumeId("v2").setAreaBytes(32)).build(),
      (volume, answer) -> answer.accept(unsettled.getOrDefault(volume, "")), take -> {
        put.add(take);
        return result;
      }, failure -> Problem.newBuilder().setWhat(failure.getMessage()).build());

  private void arrive(String volume, long epoch) {
    Consumer<CommandResult> answer = r -> answers.add(volume + (r.hasProblem() ? " " + r.getProblem().getCode() + " " + r.getProblem().getWhy() : " taken"));
    barrier.arrive(SnapshotMember.newBuilder().setVolumeId(volume).setEpoch(epoch).build(), answer);
  }

  @Test
  void oneChangeTakesAllWhenTheLastHasArrived() {
    arrive("v2", 7);
    assertTrue(put.isEmpty());
    arrive("v1", 4);
    assertEquals(1, put.size());
    assertEquals(List.of(4L, 7L), put.get(0).getMembersList().stream().map(SnapshotMember::getEpoch).toList());
    assertEquals(32, put.get(0).getMembers(1).getAreaBytes());
    assertTrue(answers.isEmpty(), "all stand still until it is decided");
    result.complete(CommandResult.newBuilder().setApplied(Applied.getDefaultInstance()).build());
    assertEquals(List.of("v2 taken", "v1 taken"), answers);
  }

  @Test
  void whenOneCannotNoneIsTakenAndAllGoOn() {
    arrive("v1", 4);
    barrier.fail(Problem.newBuilder().setCode(Problem.Code.UNAVAILABLE).setWhy("h1 is away").build());
    assertEquals(List.of("v1 CONFLICT h1 is away"), answers);
    arrive("v2", 7);
    assertEquals("v2 CONFLICT h1 is away", answers.get(1));
    assertTrue(put.isEmpty());
  }

  @Test
  void aVolumeThatHoldsAWriteBackIsNotTaken() {
    unsettled.put("v2", "a copy has just failed");
    arrive("v1", 4);
    arrive("v2", 7);
    assertTrue(put.isEmpty());
    assertEquals(List.of("v1 CONFLICT a copy has just failed", "v2 CONFLICT a copy has just failed"), answers);
  }

  @Test
  void anAnswerThatWasLostIsAskedForAgainWithTheSameChange() {
    arrive("v1", 4);
    arrive("v2", 7);
    result.completeExceptionally(new IllegalStateException("lost"));
    assertEquals(List.of("v1 UNAVAILABLE ", "v2 UNAVAILABLE "), answers);
    barrier.fail(Problem.newBuilder().setWhy("too late to give up").build());
    result = CompletableFuture.completedFuture(CommandResult.newBuilder().setApplied(Applied.getDefaultInstance()).build());
    arrive("v1", 4);
    assertEquals(put.get(0), put.get(1));
    assertEquals("v1 taken", answers.get(2));
  }
}
