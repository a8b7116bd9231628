package sluice.io.testing;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import sluice.api.block.IoBufferPool;
import sluice.api.block.IoLoop;

/** A loop that runs when the test says so, on the test's thread. */
public final class ManualLoop implements IoLoop {
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  /** False while another loop's tasks run, so that hops are noticed. */
  public boolean here = true;
  public int executed;
  public int buffersOut;
  public boolean noMemory;
  public boolean ended;
  private final PriorityQueue<Due> timers = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private long now;

  private record Due(long at, Runnable task) {}

  @Override
  public void execute(Runnable task) {
    if (ended) throw new java.util.concurrent.RejectedExecutionException("loop has ended");
    executed++;
    tasks.add(task);
  }

  public void run() {
    for (Runnable t = tasks.poll(); t != null; t = tasks.poll()) t.run();
  }

  @Override
  public boolean inLoop() {
    return here;
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    Due due = new Due(now + delayNanos, task);
    timers.add(due);
    return () -> timers.remove(due);
  }

  /** Lets time go by, with all that comes due. */
  public void advance(long nanos) {
    long end = now + nanos;
    while (!timers.isEmpty() && timers.peek().at() <= end) {
      Due due = timers.poll();
      now = due.at();
      due.task().run();
      run();
    }
    now = end;
  }

  @Override
  public IoBufferPool buffers() {
    return bytes -> {
      if (noMemory) throw new IllegalStateException("no memory");
      buffersOut++;
      return new TestBuffer(bytes, () -> buffersOut--);
    };
  }

  @Override
  public void atEndOfBatch(Runnable task) {
    execute(task);
  }
}
