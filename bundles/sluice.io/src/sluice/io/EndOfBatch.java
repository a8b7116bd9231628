package sluice.io;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps a loop's I/O handler so that tasks can run at the end of a batch of events.
 *
 * <p>Tasks run before the handler may go to sleep, which is what makes a task that was left by a plain task (a
 * connection's greeting, say) run promptly, and right after the handler has handed out its events. Flushing only
 * afterwards delayed what was left in between until the next event. On the loop only.
 */
final class EndOfBatch implements IoHandler {
  private static final Logger LOG = LoggerFactory.getLogger(EndOfBatch.class);
  /** A task may leave another one; after this many rounds the loop gets its turn before the rest. */
  private static final int MAX_ROUNDS = 8;

  private final IoHandler handler;
  private final ThreadAwareExecutor executor;
  private final ReceiveBuffers receive;
  private final Alarm alarm;
  private ArrayList<Runnable> left = new ArrayList<>();
  private ArrayList<Runnable> running = new ArrayList<>();

  /**
   * @param receive of the handler's ring; null if it has none
   * @param alarm likewise
   */
  EndOfBatch(IoHandler handler, ThreadAwareExecutor executor, ReceiveBuffers receive, Alarm alarm) {
    this.handler = handler;
    this.executor = executor;
    this.receive = receive;
    this.alarm = alarm;
  }

  Alarm alarm() {
    return alarm;
  }

  ReceiveBuffers receive() {
    return receive;
  }

  ThreadAwareExecutor executor() {
    return executor;
  }

  void add(Runnable task) {
    left.add(task);
  }

  @Override
  public int run(IoHandlerContext context) {
    flush();
    if (!left.isEmpty()) executor.execute(EndOfBatch::nothing);
    int handled = handler.run(alarm == null ? context : alarm.cover(context));
    flush();
    return handled;
  }

  /** A task in the queue is what keeps the handler from sleeping while there are tasks left. */
  private static void nothing() {}

  private void flush() {
    for (int round = 0; round < MAX_ROUNDS && !left.isEmpty(); round++) {
      ArrayList<Runnable> batch = left;
      left = running;
      running = batch;
      for (int i = 0; i < batch.size(); i++) {
        try {
          batch.get(i).run();
        } catch (RuntimeException e) {
          LOG.error("a task at the end of a batch failed", e);
        }
      }
      batch.clear();
    }
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public void prepareToDestroy() {
    handler.prepareToDestroy();
  }

  @Override
  public void destroy() {
    flush();
    handler.destroy();
    if (alarm != null) alarm.free();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return handler.register(handle);
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return handler.isCompatible(type);
  }
}
