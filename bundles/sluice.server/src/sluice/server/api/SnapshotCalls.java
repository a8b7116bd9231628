package sluice.server.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.protocol.v1.Call;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.Reply;
import sluice.server.snapshot.SnapshotDesk;
import sluice.server.snapshot.SnapshotLists;

/** Snapshots and what they tell. Asked again with the same request id, a snapshot is not taken twice. On the control thread. */
final class SnapshotCalls {
  private static final int REMEMBERED = 256;

  private final SnapshotDesk desk;
  private final SnapshotLists lists;
  private final Map<String, CompletableFuture<CommandResult>> answers = new LinkedHashMap<>();

  SnapshotCalls(SnapshotDesk desk, SnapshotLists lists) {
    this.desk = desk;
    this.lists = lists;
  }

  CompletionStage<Reply.Builder> take(Caller caller, Call call) {
    String key = caller.actor().getName() + " " + call.getRequestId();
    CompletableFuture<CommandResult> answer = call.getRequestId().isEmpty() ? null : answers.get(key);
    if (answer == null) {
      answer = desk.take(caller.actor(), call.getRequestId(), call.getSnapshotVolumes()).toCompletableFuture();
      if (!call.getRequestId().isEmpty()) answers.put(key, answer);
      if (answers.size() > REMEMBERED) answers.remove(answers.keySet().iterator().next());
    }
    return answer.thenApply(result -> result.hasProblem() ? Reply.newBuilder().setProblem(result.getProblem())
        : Reply.newBuilder().setDone(Done.newBuilder().addAllObjects(call.getSnapshotVolumes().getVolumeIdsList())));
  }

  CompletionStage<Reply.Builder> query(Call call) {
    return call.hasDiffSnapshots() ? lists.diff(call.getDiffSnapshots()) : lists.usage(call.getSnapshotUsage());
  }
}
