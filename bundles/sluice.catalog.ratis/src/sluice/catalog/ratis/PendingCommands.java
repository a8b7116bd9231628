package sluice.catalog.ratis;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import sluice.api.SluiceException;
import sluice.protocol.v1.CommandResult;

/**
 * The commands whose results are awaited: at most a number of them, each for a limited time, and all failed at once when
 * the engine ends, since Ratis itself leaves them without an answer then. Any thread.
 */
final class PendingCommands {
  private final Semaphore room;
  private final long limitMillis;
  private final Set<CompletableFuture<CommandResult>> pending = ConcurrentHashMap.newKeySet();
  private volatile SluiceException end;

  PendingCommands(int max, long limitMillis) {
    room = new Semaphore(max);
    this.limitMillis = limitMillis;
  }

  /** Takes in one more; the stage of it is to be completed by {@code begin}'s caller, and may be failed by this. */
  CompletableFuture<CommandResult> add() {
    if (end != null) return CompletableFuture.failedFuture(end);
    if (!room.tryAcquire()) return CompletableFuture.failedFuture(EngineErrors.overloaded());
    CompletableFuture<CommandResult> one = new CompletableFuture<>();
    pending.add(one);
    one.whenComplete(leave(one));
    // whoever ended it may have gone through the set just before this one was in it
    if (end != null) one.completeExceptionally(end);
    return one.orTimeout(limitMillis, TimeUnit.MILLISECONDS);
  }

  private BiConsumer<CommandResult, Throwable> leave(CompletableFuture<CommandResult> one) {
    return (result, failure) -> {
      pending.remove(one);
      room.release();
    };
  }

  /** Why nothing is taken any more, or null. */
  SluiceException end() {
    return end;
  }

  /** Fails all, and all that come; the first reason stays. */
  void end(SluiceException reason) {
    synchronized (this) {
      if (end == null) end = reason;
    }
    for (CompletableFuture<CommandResult> one : pending) one.completeExceptionally(end);
  }
}
