package sluice.server.api;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.catalog.CatalogEngine;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.MovePlan;
import sluice.protocol.v1.PlanMoves;
import sluice.protocol.v1.Reply;
import sluice.protocol.v1.Volume;
import sluice.server.ControlThread;
import sluice.server.care.CareDesk;
import sluice.server.changes.Changes;
import sluice.server.disks.ServerDisks;
import sluice.server.pools.PoolFarewell;
import sluice.server.volumes.RouteExports;

/** Changes that need no more than the catalog, and what has to happen before some of them. On the control thread. */
final class ChangeCalls {
  private static final long FENCE_SECONDS = 30;
  private static final long END_SECONDS = 15;

  private final ControlThread control;
  private final Changes changes;
  private final ServerDisks disks;
  private final RouteExports exports;
  private final CatalogEngine engine;
  private final CareDesk cares;
  private final PoolFarewell farewell;

  ChangeCalls(ControlThread control, CatalogEngine engine, Changes changes, ServerDisks disks, RouteExports exports, CareDesk cares,
      PoolFarewell farewell) {
    this.control = control;
    this.engine = engine;
    this.cares = cares;
    this.changes = changes;
    this.disks = disks;
    this.exports = exports;
    this.farewell = farewell;
  }

  CompletionStage<Reply.Builder> change(Caller caller, String requestId, Change change) {
    return switch (change.getBodyCase()) {
      case REMOVE_HOST -> fenced(change.getRemoveHost().getHostId(), caller, requestId, change);
      case DECLARE_HOST_DEAD -> fenced(change.getDeclareHostDead().getHostId(), caller, requestId, change);
      case DELETE_VOLUME -> deleted(change.getDeleteVolume().getVolumeId(), caller, requestId, change);
      case EXPORT_POOL -> exported(change.getExportPool().getPoolId(), caller, requestId, change);
      default -> plain(caller, requestId, completed(change));
    };
  }

  CompletionStage<Reply.Builder> planMoves(Caller caller, PlanMoves plan) {
    Change change = completed(plan.getChange());
    MovePlan found = engine.read(v -> v.planMoves(change, caller.actor()));
    return CompletableFuture.completedFuture(Reply.newBuilder().setMovePlan(found));
  }

  /** The server's part of a change: ids are its own to make, and it knows which disks are there. */
  private Change completed(Change change) {
    return switch (change.getBodyCase()) {
      case CREATE_VOLUME -> change.toBuilder().setCreateVolume(change.getCreateVolume().toBuilder()
          .setVolumeId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid())).build();
      case EVACUATE_DISK -> change.toBuilder().setEvacuateDisk(change.getEvacuateDisk().toBuilder()
          .setTaskId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid())).build();
      case RELAYOUT_VOLUME -> change.toBuilder().setRelayoutVolume(change.getRelayoutVolume().toBuilder()
          .setTaskId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid())).build();
      case REBALANCE_POOL -> change.toBuilder().setRebalancePool(change.getRebalancePool().toBuilder()
          .setTaskId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid())).build();
      case REPLACE_DISK -> change.toBuilder().setReplaceDisk(change.getReplaceDisk().toBuilder()
          .setTaskId(UUID.randomUUID().toString()).clearAvoid().addAllAvoid(disks.avoid())).build();
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

  /**
   * What the server has under way on the volume's space ends first, since another volume may have the space as soon as the
   * catalog has freed it. A volume that somebody holds is refused by the catalog, and stays in use.
   */
  private CompletionStage<Reply.Builder> deleted(String id, Caller caller, String requestId, Change change) {
    boolean idle = engine.read(v -> v.volume(id)).map(v -> v.getAttachmentsCount() == 0 && v.getSnapshotAreaIdsCount() == 0 && mayDelete(caller, v)).orElse(false);
    if (!idle) return plain(caller, requestId, change);
    CompletableFuture<Void> ended = cares.end(id).toCompletableFuture().thenApply(x -> x);
    return ended.orTimeout(END_SECONDS, TimeUnit.SECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(failure instanceof TimeoutException ? busy(id) : failure))
        .thenComposeAsync(x -> changes.submit(caller.actor(), requestId, change), control)
        .whenCompleteAsync((x, failure) -> cares.goOn(id), control)
        .thenApply(ChangeCalls::reply);
  }

  /** As far as it can be told before the catalog is asked: a host deletes what it has made itself. */
  private static boolean mayDelete(Caller caller, Volume volume) {
    return !caller.host() || volume.getCreatedByHostId().equals(caller.identity().id());
  }

  private static SluiceException busy(String volume) {
    return new SluiceException(ErrorCode.TIMEOUT, "something of the server is still under way on the volume",
        "a disk has not answered within " + END_SECONDS + " s, and it may still take effect", "see to the disk, then ask again", volume);
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
