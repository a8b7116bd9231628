package sluice.io.testing;

import java.util.ArrayDeque;
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
    return 0;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    throw new UnsupportedOperationException("no device here keeps time");
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
