package sluice.server.changes;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import sluice.catalog.CatalogEngine;
import sluice.core.catalog.CatalogView;
import sluice.protocol.v1.Actor;
import sluice.protocol.v1.CatalogDelta;
import sluice.protocol.v1.Change;
import sluice.protocol.v1.Command;
import sluice.protocol.v1.CommandResult;
import sluice.protocol.v1.Done;
import sluice.server.ControlThread;

/**
 * Carries a change out: durable in the catalog, known to every part of the server, and on the disks of the pools it
 * touches. Only then is it answered (invariant 7: the disks alone give the pool back).
 */
public final class Changes implements CatalogFollower.Follower {
  /** Revisions whose pools are remembered until their answers are out; far more than changes can be under way. */
  private static final int REMEMBERED = 4096;

  /** The server itself as the one who asks. */
  public static final Actor SERVER = Actor.newBuilder().setKind(Actor.Kind.SERVER).setName("server").build();

  /**
   * What became of a change.
   *
   * @param notes for people, about disks that are behind
   */
  public record Outcome(CommandResult result, List<String> notes) {
    public boolean refused() {
      return result.hasProblem();
    }

    public Done done() {
      return Done.newBuilder().setRevision(result.getRevision()).addAllObjects(result.getApplied().getObjectsList())
          .addAllNotes(notes).build();
    }
  }

  private final ControlThread control;
  private final CatalogEngine engine;
  private final CatalogFollower follower;
  private final PoolCopies copies;
  private final Map<Long, Set<String>> touched = new LinkedHashMap<>();
  private final Deque<Long> order = new ArrayDeque<>();

  public Changes(ControlThread control, CatalogEngine engine, CatalogFollower follower, PoolCopies copies) {
    this.control = control;
    this.engine = engine;
    this.follower = follower;
    this.copies = copies;
  }

  @Override
  public void reload() {}

  @Override
  public void changed(CatalogDelta delta) {
    Set<String> pools = CatalogView.poolsTouched(delta);
    if (pools.isEmpty()) return;
    touched.put(delta.getRevision(), pools);
    order.add(delta.getRevision());
    if (order.size() > REMEMBERED) touched.remove(order.poll());
  }

  /** Any thread; the stage completes on the control thread, and fails if the catalog cannot take changes. */
  public CompletableFuture<Outcome> submit(Actor actor, String requestId, Change change) {
    Command command = Command.newBuilder()
        .setRequestId(requestId.isEmpty() ? UUID.randomUUID().toString() : requestId)
        .setActor(actor).setTimeMs(control.nowMs()).setChange(change).build();
    return engine.submit(command).toCompletableFuture().thenComposeAsync(this::followed, control);
  }

  private CompletionStage<Outcome> followed(CommandResult result) {
    if (result.hasProblem()) return CompletableFuture.completedFuture(new Outcome(result, List.of()));
    return follower.reached(result.getRevision())
        .thenCompose(x -> copies.carried(touched.getOrDefault(result.getRevision(), Set.of()), result.getRevision()))
        .thenApply(notes -> new Outcome(result, notes));
  }
}
