package sluice.io.device;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import sluice.api.block.IoLoop;

/**
 * Counts the requests of a device and ends it when the last has completed: the part of {@link
 * sluice.api.block.BlockDevice#close} that every device has in common. On the loop, except {@link #close}.
 */
public final class Drain {
  private final IoLoop loop;
  private final Supplier<CompletionStage<Void>> last;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final CompletionStage<Void> stage = closed.minimalCompletionStage();
  private final AtomicBoolean asked = new AtomicBoolean();
  private int underWay;
  private boolean closing;

  /** @param last closes what the device holds, on the loop, once nothing is under way */
  public Drain(IoLoop loop, Supplier<CompletionStage<Void>> last) {
    this.loop = loop;
    this.last = last;
  }

  /** False when the device is closing: the request ends with ESHUTDOWN. */
  public boolean enter() {
    if (closing) return false;
    underWay++;
    return true;
  }

  /** For each {@link #enter} that said true, after its completion. */
  public void leave() {
    if (--underWay == 0 && closing) end();
  }

  public boolean closing() {
    return closing;
  }

  public int underWay() {
    return underWay;
  }

  /** Any thread. On a loop that has ended there is nothing under way any more: the stage completes. */
  public CompletionStage<Void> close() {
    if (asked.compareAndSet(false, true)) {
      try {
        if (loop.inLoop()) begin();
        else loop.execute(this::begin);
      } catch (RejectedExecutionException e) {
        closed.complete(null);
      }
    }
    return stage;
  }

  private void begin() {
    closing = true;
    if (underWay == 0) end();
  }

  private void end() {
    last.get().whenComplete((nothing, failure) -> closed.complete(null));
  }
}
