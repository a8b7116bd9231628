package sluice.agent.serverroute;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoBufferPool;
import sluice.api.block.IoLoop;

/** A loop whose time passes when a test says so. The test's thread is the loop. */
final class StepLoop implements IoLoop, IoBufferPool {
  private record Task(long at, long order, Runnable run, boolean[] cancelled) {}

  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Task> timers =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private long now;
  private long order;

  @Override
  public boolean inLoop() {
    return true;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    boolean[] cancelled = {false};
    timers.add(new Task(now + delayNanos, order++, task, cancelled));
    return () -> cancelled[0] = true;
  }

  @Override
  public IoBufferPool buffers() {
    return this;
  }

  @Override
  public void atEndOfBatch(Runnable task) {
    ready.add(task);
  }

  void run() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) task.run();
  }

  void pass(long ms) {
    long end = now + TimeUnit.MILLISECONDS.toNanos(ms);
    run();
    while (!timers.isEmpty() && timers.peek().at() <= end) {
      Task task = timers.poll();
      now = Math.max(now, task.at());
      if (!task.cancelled()[0]) task.run().run();
      run();
    }
    now = end;
  }

  boolean hasTimers() {
    return timers.stream().anyMatch(t -> !t.cancelled()[0]);
  }

  @Override
  public IoBuffer take(int dataBytes) {
    ByteBuffer memory = ByteBuffer.allocate(IoBuffer.HEADROOM + Math.max(dataBytes, 4096));
    return new IoBuffer() {
      @Override
      public ByteBuffer bytes() {
        return memory;
      }

      @Override
      public long address() {
        return 0;
      }

      @Override
      public void release() {}
    };
  }
}
