package sluice.server.api;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import sluice.protocol.v1.AddLegTo;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Done;
import sluice.protocol.v1.DropLegOf;
import sluice.protocol.v1.RecoverVolume;
import sluice.protocol.v1.Reply;
import sluice.server.care.CareDesk;

/**
 * Changes of a volume's legs: the volume's care carries them out, with a recall of the volume from its hosts. Asked again
 * with the same request id, because an answer got lost, they give the answer of the first time, for as long as this server
 * runs. On the control thread.
 */
final class CareCalls {
  private static final int REMEMBERED = 256;

  private final CareDesk cares;
  private final Map<String, CompletableFuture<Reply>> answers = new LinkedHashMap<>();

  CareCalls(CareDesk cares) {
    this.cares = cares;
  }

  /** The leg's id comes of the request's, so that a request that is repeated after a restart adds no second leg. */
  CompletionStage<Reply.Builder> add(Caller caller, String requestId, AddLegTo call) {
    String key = key(caller, requestId);
    String leg = requestId.isEmpty() ? UUID.randomUUID().toString() : UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString();
    return once(key, requestId, answer -> cares.addLeg(caller.actor(), call.getVolumeId(), leg, answer));
  }

  CompletionStage<Reply.Builder> drop(Caller caller, String requestId, DropLegOf call) {
    return once(key(caller, requestId), requestId, answer -> cares.dropLeg(caller.actor(), call.getVolumeId(), call.getLegId(), answer));
  }

  CompletionStage<Reply.Builder> resize(Caller caller, String requestId, String volumeId, long sizeBytes, String confirmName) {
    return once(key(caller, requestId), requestId, answer -> cares.resize(caller.actor(), volumeId, sizeBytes, confirmName, answer));
  }

  CompletionStage<Reply.Builder> recover(Caller caller, String requestId, RecoverVolume call) {
    return once(key(caller, requestId), requestId, answer -> cares.recover(call.getVolumeId(), answer));
  }

  private static String key(Caller caller, String requestId) {
    return caller.actor().getKind() + " " + caller.actor().getName() + " " + requestId;
  }

  private CompletionStage<Reply.Builder> once(String key, String requestId, Consumer<Consumer<CommandResult>> action) {
    CompletableFuture<Reply> answer = requestId.isEmpty() ? null : answers.get(key);
    if (answer == null) {
      CompletableFuture<Reply> made = new CompletableFuture<>();
      answer = made;
      if (!requestId.isEmpty()) answers.put(key, made);
      if (answers.size() > REMEMBERED) answers.remove(answers.keySet().iterator().next());
      action.accept(result -> made.complete(reply(result)));
    }
    return answer.thenApply(Reply::toBuilder);
  }

  private static Reply reply(CommandResult result) {
    if (result.hasProblem()) return Reply.newBuilder().setProblem(result.getProblem()).build();
    return Reply.newBuilder().setDone(Done.newBuilder().setRevision(result.getRevision()).addAllObjects(result.getApplied().getObjectsList())).build();
  }
}
