package sluice.volume.testing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoBufferPool;
import sluice.api.block.IoLoop;

/** A loop whose time passes when a test says so. The test's thread is the loop. */
public final class VirtualLoop implements IoLoop, IoBufferPool {
  private record Task(long at, long order, Runnable run, boolean[] cancelled) {}

  private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Task> timers =
      new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
  private final Set<IoBuffer> out = new HashSet<>();
  private final Set<IoBuffer> kept = new HashSet<>();
  private long now = 5_000_000_000L;
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
    timers.add(new Task(now + Math.max(0, delayNanos), order++, task, cancelled));
    return () -> cancelled[0] = true;
  }

  @Override
  public void atEndOfBatch(Runnable task) {
    ready.add(task);
  }

  /** Runs everything that is ready now. */
  public void run() {
    for (Runnable task = ready.poll(); task != null; task = ready.poll()) task.run();
  }

  /** Lets time pass, in order. */
  public void pass(long ms) {
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

  public boolean hasTimers() {
    return timers.stream().anyMatch(t -> !t.cancelled()[0]);
  }

  @Override
  public IoBufferPool buffers() {
    return this;
  }

  /** Buffers that have not been released. */
  public int buffersOut() {
    return out.size();
  }

  @Override
  public IoBuffer take(int dataBytes) {
    if (dataBytes < 0 || dataBytes > BlockDevice.MAX_TRANSFER) throw new IllegalArgumentException("" + dataBytes);
    IoBuffer buffer = new Memory(this, ByteBuffer.allocate(IoBuffer.HEADROOM + Math.max(dataBytes, 4096)));
    out.add(buffer);
    return buffer;
  }

  /** Whether an operation that nobody waits for may still use it. */
  public boolean isKept(IoBuffer buffer) {
    return kept.contains(buffer);
  }

  private static final class Memory extends IoBuffer {
    private final VirtualLoop loop;
    private final ByteBuffer bytes;

    Memory(VirtualLoop loop, ByteBuffer bytes) {
      this.loop = loop;
      this.bytes = bytes;
    }

    @Override
    public ByteBuffer bytes() {
      return bytes;
    }

    @Override
    public long address() {
      return 0;
    }

    @Override
    public Runnable keep() {
      if (!loop.kept.add(this)) throw new IllegalStateException("kept twice");
      return () -> loop.kept.remove(this);
    }

    @Override
    public void release() {
      if (!loop.out.remove(this)) throw new IllegalStateException("released twice");
    }
  }
}
