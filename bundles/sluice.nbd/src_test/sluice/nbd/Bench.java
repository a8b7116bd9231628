package sluice.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import sluice.api.block.IoBufferPool;
import sluice.api.block.IoLoop;
import sluice.io.IoLoops;
import sluice.io.NettyLoop;

/**
 * A loop for handlers in an EmbeddedChannel: the test says when a batch ends. Buffers are a real loop's, on whose thread
 * {@link #on} runs the test.
 */
public final class Bench implements IoLoop, AutoCloseable {
  private final IoLoops loops = IoLoops.start("bench", 1);
  private final NettyLoop real = loops.next();
  private List<Runnable> batch = new ArrayList<>();
  private final List<Runnable> timers = new ArrayList<>();
  private long now;

  /** Runs a test on the loop. */
  public void on(Body test) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    real.execute(() -> {
      try {
        test.run();
        done.complete(null);
      } catch (Throwable t) {
        done.completeExceptionally(t);
      }
    });
    try {
      done.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) throw error;
      throw new AssertionError(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A test's body. */
  public interface Body {
    void run() throws Exception;
  }

  /** Ends batches until nothing is left to do. */
  public void endBatch() {
    while (!batch.isEmpty()) {
      List<Runnable> tasks = batch;
      batch = new ArrayList<>();
      tasks.forEach(Runnable::run);
    }
  }

  /** Brings received bytes and ends the batch. */
  public void receive(EmbeddedChannel channel, byte[] bytes, int from, int to) {
    if (from == to) return;
    channel.writeInbound(Unpooled.directBuffer(to - from).writeBytes(bytes, from, to - from));
    endBatch();
    channel.runPendingTasks();
    endBatch();
  }

  /** All that was sent so far. */
  public static byte[] sent(EmbeddedChannel channel) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuf b = channel.readOutbound(); b != null; b = channel.readOutbound()) {
      b.readBytes(out, b.readableBytes());
      b.release();
    }
    return out.toByteArray();
  }

  /** Buffers taken and not given back. */
  public int buffersOut() {
    return real.buffers().outstanding();
  }

  @Override
  public boolean inLoop() {
    return real.inLoop();
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    timers.add(task);
    return () -> timers.remove(task);
  }

  /** Lets time go by until all that was scheduled so far is due. */
  public void advance(long nanos) {
    now += nanos;
    List<Runnable> due = List.copyOf(timers);
    timers.clear();
    due.forEach(Runnable::run);
    endBatch();
  }

  @Override
  public IoBufferPool buffers() {
    return real.buffers();
  }

  @Override
  public void atEndOfBatch(Runnable task) {
    batch.add(task);
  }

  @Override
  public void execute(Runnable task) {
    real.execute(task);
  }

  @Override
  public void close() {
    loops.close();
  }
}
