package sluice.server.disks;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.RemoveDisk;
import sluice.server.ControlThread;
import sluice.server.changes.Changes;

/**
 * Removes a disk: the catalog drops it first, then its label is erased. Cut off in between, the disk keeps a label
 * that says it is in no pool of ours, and may be added again. On the control thread.
 */
public final class DiskRemoval {
  private static final long ERASE_SECONDS = 10;

  private final ControlThread control;
  private final Changes changes;
  private final ServerDisks disks;

  public DiskRemoval(ControlThread control, Changes changes, ServerDisks disks) {
    this.control = control;
    this.changes = changes;
    this.disks = disks;
  }

  /** The outcome of the change, with a note if the label could not be erased. */
  public CompletionStage<Changes.Outcome> remove(Actor actor, String requestId, String diskId) {
    boolean online = disks.online(diskId);
    String reason = disks.reason(diskId);
    CompletableFuture<Void> erased = disks.eraseWhenDropped(diskId).toCompletableFuture();
    Change change = Change.newBuilder().setRemoveDisk(RemoveDisk.newBuilder().setDiskId(diskId)).build();
    return changes.submit(actor, requestId, change).whenCompleteAsync((outcome, failure) -> {
      if (failure != null || outcome.refused()) disks.keep(diskId);
    }, control).thenCompose(outcome -> {
      if (outcome.refused()) return CompletableFuture.completedFuture(outcome);
      if (!online) return CompletableFuture.completedFuture(noted(outcome, "the disk could not be reached (" + reason + "), so its label is still on it"));
      return erased.thenApply(x -> x).orTimeout(ERASE_SECONDS, TimeUnit.SECONDS).handle((x, failure) -> failure == null ? outcome
          : noted(outcome, "its label could not be erased: " + DiskAccess.reason(failure)));
    });
  }

  private static Changes.Outcome noted(Changes.Outcome outcome, String note) {
    java.util.List<String> notes = new java.util.ArrayList<>(outcome.notes());
    notes.add(note);
    return new Changes.Outcome(outcome.result(), notes);
  }
}
