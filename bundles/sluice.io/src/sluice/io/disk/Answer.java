package sluice.io.disk;

import java.util.concurrent.RejectedExecutionException;
import sluice.api.block.IoLoop;

/** Brings what a thread found back to a loop. */
final class Answer {
  private Answer() {}

  /** Runs the task on the loop; not at all if the loop has ended, since who waited for it has ended with it. */
  static void on(IoLoop loop, Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      // As said above.
    }
  }
}
