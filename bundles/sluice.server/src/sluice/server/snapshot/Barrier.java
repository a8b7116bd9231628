package sluice.server.snapshot;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.SnapshotMember;
import sluice.protocol.v1.TakeSnapshot;

/**
 * One moment for several volumes: each volume's care has its hosts stand still and then arrives here; when all have, and each volume
 * has everything stable, one change takes the snapshot of all of them. If one of them cannot, none is taken, and all go on.
 *
 * <p>While it waits its volumes stand still; how long is bounded by the cares, which give a recall up after a while. On the control
 * thread.
 */
final class Barrier {
  /** Puts the change, always under the same number, so that it takes effect once. */
  interface Commit {
    CompletionStage<CommandResult> put(TakeSnapshot take);
  }

  /** Answers why a volume cannot be taken as it is now; empty: it can. */
  interface Settle {
    void settle(String volumeId, Consumer<String> answer);
  }

  private final TakeSnapshot wanted;
  private final Map<String, SnapshotMember> members = new LinkedHashMap<>();
  private final Map<String, Consumer<CommandResult>> arrived = new LinkedHashMap<>();
  private final Map<String, SnapshotMember> parts = new TreeMap<>();
  private final Settle settle;
  private final Commit commit;
  private final Function<Throwable, Problem> words;
  private Problem failed;
  private TakeSnapshot merged;

  /** @param wanted with a member for each volume, without epochs and disks to avoid */
  Barrier(TakeSnapshot wanted, Settle settle, Commit commit, Function<Throwable, Problem> words) {
    this.wanted = wanted;
    this.settle = settle;
    this.commit = commit;
    this.words = words;
    for (SnapshotMember m : wanted.getMembersList()) members.put(m.getVolumeId(), m);
  }

  /** Everybody who holds the volume stands still. @param part with its epoch, and disks to avoid */
  void arrive(SnapshotMember part, Consumer<CommandResult> answer) {
    if (failed != null) {
      answer.accept(refused());
      return;
    }
    SnapshotMember mine = members.get(part.getVolumeId());
    parts.put(part.getVolumeId(), mine.toBuilder().setEpoch(part.getEpoch()).addAllAvoid(part.getAvoidList()).build());
    arrived.put(part.getVolumeId(), answer);
    // Asked again because an answer was lost: the same change, which has taken effect or will.
    if (merged != null) commit();
    else if (arrived.size() == members.size()) settleAll(new ArrayList<>(members.keySet()));
  }

  private void settleAll(List<String> left) {
    if (failed != null) return;
    if (left.isEmpty()) {
      merged = wanted.toBuilder().clearMembers().addAllMembers(parts.values()).build();
      commit();
      return;
    }
    settle.settle(left.get(0), why -> {
      if (why.isEmpty()) settleAll(left.subList(1, left.size()));
      else {
        fail(Problem.newBuilder().setCode(Problem.Code.CONFLICT).setWhat("the snapshot cannot be taken now").setWhy(why)
            .setCorrection("try again when that is over").addObjects(left.get(0)).build());
      }
    });
  }

  private void commit() {
    Map<String, Consumer<CommandResult>> now = new LinkedHashMap<>(arrived);
    arrived.clear();
    commit.put(merged).whenComplete((result, failure) -> {
      CommandResult told = failure == null ? result : CommandResult.newBuilder()
          .setProblem(words.apply(failure).toBuilder().setCode(Problem.Code.UNAVAILABLE)).build();
      now.values().forEach(a -> a.accept(told));
    });
  }

  /** One of the volumes cannot be taken: those that stand still go on, those that come later at once. */
  void fail(Problem why) {
    if (failed != null || merged != null) return;
    failed = why;
    List<Consumer<CommandResult>> all = new ArrayList<>(arrived.values());
    arrived.clear();
    all.forEach(a -> a.accept(refused()));
  }

  /** As something that is decided: what may have happened or not a care would put again, and its volume would stand still for ever. */
  private CommandResult refused() {
    return CommandResult.newBuilder().setProblem(failed.toBuilder().setCode(Problem.Code.CONFLICT)).build();
  }
}
