package sluice.server.api;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.server.ControlThread;

/** Waiting for something to become true, with a deadline. Bounded. On the control thread. */
final class Waits {
  private static final int MOST = 2000;
  /** Longer than anybody waits at a prompt; whoever wants to know later asks again. */
  static final long LONGEST_MS = 10 * 60 * 1000L;

  private record Wait(BooleanSupplier condition, CompletableFuture<Boolean> done) {}

  private final ControlThread control;
  private final List<Wait> waits = new ArrayList<>();

  Waits(ControlThread control) {
    this.control = control;
  }

  /** Something changed: looks at all that is waited for. */
  void poke() {
    if (waits.isEmpty()) return;
    for (Wait w : List.copyOf(waits)) {
      if (w.condition.getAsBoolean() && waits.remove(w)) w.done.complete(true);
    }
  }

  /** True as soon as the condition holds, false at the deadline. */
  CompletionStage<Boolean> until(BooleanSupplier condition, long ms) {
    if (condition.getAsBoolean()) return CompletableFuture.completedFuture(true);
    if (ms <= 0) return CompletableFuture.completedFuture(false);
    if (waits.size() >= MOST) {
      return CompletableFuture.failedFuture(new SluiceException(ErrorCode.UNAVAILABLE, "too many callers wait already",
          MOST + " are waiting", "ask without waiting, and look later"));
    }
    Wait wait = new Wait(condition, new CompletableFuture<>());
    waits.add(wait);
    control.after(Math.min(ms, LONGEST_MS), () -> {
      if (waits.remove(wait)) wait.done.complete(false);
    });
    return wait.done;
  }
}
