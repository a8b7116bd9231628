package sluice.agent;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that owns what the agent holds. A task that fails is logged and does not stop those after it. */
final class ControlThread implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);
  private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
    Thread thread = new Thread(task, "sluice-agent");
    thread.setDaemon(true);
    return thread;
  });

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      LOG.debug("the agent has ended");
    }
  }

  void every(long seconds, Runnable task) {
    executor.scheduleWithFixedDelay(() -> run(task), seconds, seconds, TimeUnit.SECONDS);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a task of the agent failed", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
