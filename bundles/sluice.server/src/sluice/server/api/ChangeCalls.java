package sluice.server.api;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Reply;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;
import sluice.server.disks.ServerDisks;
import sluice.server.pools.PoolFarewell;
import sluice.server.volumes.RouteExports;

/** Changes that need no more than the catalog, and what has to happen before some of them. On the control thread. */
final class ChangeCalls {
  private static final long FENCE_SECONDS = 30;

  private final ControlThread control;
  private final Changes changes;
  private final ServerDisks disks;
  private final RouteExports exports;
  private final PoolFarewell farewell;

  ChangeCalls(ControlThread control, Changes changes, ServerDisks disks, RouteExports exports, PoolFarewell farewell) {
    this.control = control;
    this.changes = changes;
    this.disks = disks;
    this.exports = exports;
    this.farewell = farewell;
  }

  CompletionStage<Reply.Builder> change(Caller caller, String requestId, Change change) {
    return switch (change.getBodyCase()) {
      case REMOVE_HOST -> fenced(change.getRemoveHost().getHostId(), caller, requestId, change);
      case DECLARE_HOST_DEAD -> fenced(change.getDeclareHostDead().getHostId(), caller, requestId, change);
      case EXPORT_POOL -> exported(change.getExportPool().getPoolId(), caller, requestId, change);
      default -> plain(caller, requestId, completed(change));
    };
  }

  /** The server's part of a change: ids are its own to make, and it knows which disks are there. */
  private Change completed(Change change) {
    return switch (change.getBodyCase()) {
      case CREATE_VOLUME -> change.toBuilder().setCreateVolume(change.getCreateVolume().toBuilder()
          .setVolumeId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid())).build();
      case RESIZE_VOLUME -> change.toBuilder().setResizeVolume(change.getResizeVolume().toBuilder()
          .clearAvoid().addAllAvoid(disks.avoid())).build();
      case CREATE_POOL -> change.toBuilder().setCreatePool(change.getCreatePool().toBuilder()
          .setPoolId(UUID.randomUUID().toString())).build();
      default -> change;
    };
  }

  private CompletionStage<Reply.Builder> plain(Caller caller, String requestId, Change change) {
    return changes.submit(caller.actor(), requestId, change).thenApply(ChangeCalls::reply);
  }

  /** The disks say that they were let go, so that another cluster may have them. */
  private CompletionStage<Reply.Builder> exported(String pool, Caller caller, String requestId, Change change) {
    CompletionStage<List<String>> marked = farewell.begin(pool);
    return changes.submit(caller.actor(), requestId, change)
        .whenCompleteAsync((outcome, failure) -> {
          if (failure != null || outcome.refused()) farewell.cancel(pool);
        }, control)
        .thenCompose(outcome -> outcome.refused() ? CompletableFuture.completedFuture(outcome)
            : marked.thenApply(notes -> new Changes.Outcome(outcome.result(), notes)))
        .thenApply(ChangeCalls::reply);
  }

  static Reply.Builder reply(Changes.Outcome outcome) {
    if (outcome.refused()) return Reply.newBuilder().setProblem(outcome.result().getProblem());
    return Reply.newBuilder().setDone(outcome.done());
  }

  /**
   * The host loses what it holds, so its connections over the server route are closed and drained first: no write of
   * its may take effect once another host has been let in (invariant 2).
   */
  private CompletionStage<Reply.Builder> fenced(String host, Caller caller, String requestId, Change change) {
    CompletableFuture<Void> drained = exports.fenceHost(host).toCompletableFuture().thenApply(x -> x);
    return drained.orTimeout(FENCE_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(failure instanceof TimeoutException ? stuck(host) : failure))
        .thenComposeAsync(x -> changes.submit(caller.actor(), requestId, change), control)
        .whenCompleteAsync((x, failure) -> exports.unfenceHost(host), control)
        .thenApply(ChangeCalls::reply);
  }

  private static SluiceException stuck(String host) {
    return new SluiceException(ErrorCode.TIMEOUT, "requests of the host are still under way through the server",
        "a disk has not answered them within " + FENCE_SECONDS + " s, and they may still take effect",
        "see to the disk, then ask again", host);
  }
}
