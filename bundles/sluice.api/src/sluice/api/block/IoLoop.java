package sluice.api.block;

import java.util.concurrent.Executor;

/**
 * The event loop that owns a set of devices and connections: one thread, no locks.
 *
 * <p>{@link #execute} may be called from any thread; everything else on the loop only, unless said otherwise.
 */
public interface IoLoop extends Executor {
  /** Any thread: am I on this loop? */
  boolean inLoop();

  /** Any thread: monotonic nanoseconds, of this loop's clock; differences only. */
  long nanoTime();

  /** Any thread: runs the task on the loop after the delay. */
  Timer schedule(long delayNanos, Runnable task);

  IoBufferPool buffers();

  /** Runs the task once, at the end of the batch of events now being handled: the place to coalesce replies. */
  void atEndOfBatch(Runnable task);

  /** A task that has been scheduled. */
  interface Timer {
    /** On the loop: the task will not run, if it has not yet. */
    void cancel();
  }
}
