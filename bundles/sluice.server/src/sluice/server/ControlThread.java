package sluice.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns sessions, statuses, disk states, picture numbers and routes. Others send it tasks; nothing
 * on it blocks. A task that throws is logged and does not end the thread.
 */
public final class ControlThread implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);
  private static final long CLOSE_SECONDS = 10;

  private final ScheduledExecutorService executor;
  private volatile Thread thread;

  public ControlThread() {
    executor = Executors.newSingleThreadScheduledExecutor(task -> {
      Thread t = new Thread(task, "sluice-control");
      t.setDaemon(true);
      thread = t;
      return t;
    });
  }

  /** Any thread. After {@link #close} the task is dropped: what it would have changed is gone as well. */
  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(guarded(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("task after the end: {}", task);
    }
  }

  /** Any thread: runs the task once after the delay, unless the answer is cancelled. */
  public ScheduledFuture<?> after(long delayMs, Runnable task) {
    try {
      return executor.schedule(guarded(task), Math.max(0, delayMs), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("timer after the end: {}", task);
      return null;
    }
  }

  /** Any thread: runs the task again and again, each time that long after the last run. */
  public void every(long periodMs, Runnable task) {
    executor.scheduleWithFixedDelay(guarded(task), periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  /** Any thread: starts something on the control thread; the stage fails with what that throws. */
  public <T> CompletableFuture<T> call(Supplier<? extends CompletionStage<T>> start) {
    CompletableFuture<T> result = new CompletableFuture<>();
    execute(() -> {
      try {
        start.get().whenComplete((value, failure) -> {
          if (failure == null) result.complete(value);
          else result.completeExceptionally(failure);
        });
      } catch (Throwable e) {
        result.completeExceptionally(e);
      }
    });
    return result;
  }

  /** Any thread. */
  public boolean inThread() {
    return Thread.currentThread() == thread;
  }

  /** Milliseconds since 1970, for what people and the catalog see. */
  public long nowMs() {
    return System.currentTimeMillis();
  }

  /** Monotonic nanoseconds, for deadlines. */
  public long nanoTime() {
    return System.nanoTime();
  }

  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (Throwable e) {
        LOG.error("a task of the control thread failed", e);
      }
    };
  }

  /** Any thread but this one: no further tasks; waits for the running one, at most 10 s. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) LOG.warn("the control thread does not end");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
