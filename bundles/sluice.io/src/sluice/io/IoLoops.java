package sluice.io;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.PlatformDependent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ByteSize;

/** A program's event loops: a fixed number of threads, each with a ring (or epoll set), a clock and a buffer pool. */
public final class IoLoops implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IoLoops.class);
  /** Submissions a ring takes before it has to be entered: more than a batch ever has. */
  private static final int RING = 1024;
  /** Completions that fit before the kernel keeps them in a list of its own. */
  private static final int COMPLETIONS = 8192;
  private static final long CLOSE_SECONDS = 30;
  private final MultiThreadIoEventLoopGroup group;
  private final List<NettyLoop> loops;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * Any thread: loops of the best kind there is. Where io_uring is there but cannot be used (memory lock limit,
   * seccomp), epoll is taken and the log says why.
   *
   * @param name of the threads, with a number behind it
   * @param count threads, at least 1
   */
  public static IoLoops start(String name, int count) {
    LoopKind best = LoopKind.best();
    try {
      return start(name, count, best);
    } catch (RuntimeException e) {
      if (best != LoopKind.IO_URING || !LoopKind.EPOLL.available()) throw e;
      LOG.warn("io_uring cannot be used, disks are driven by threads instead: {}", e.getMessage());
      return start(name, count, LoopKind.EPOLL);
    }
  }

  /** Any thread: loops of a given kind; fails if this machine cannot run them. */
  public static IoLoops start(String name, int count, LoopKind kind) {
    return start(name, count, kind, MemoryBudget.capacity(PlatformDependent.maxDirectMemory(), count));
  }

  /** Any thread: the same, with so many bytes for the requests of each loop's connections, see {@link MemoryBudget}. */
  public static IoLoops start(String name, int count, LoopKind kind, long budget) {
    return new IoLoops(name, count, kind, budget);
  }

  private IoLoops(String name, int count, LoopKind kind, long budget) {
    List<EndOfBatch> handlers = Collections.synchronizedList(new ArrayList<>());
    group = new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name), hooked(kind, handlers));
    List<NettyLoop> list = new ArrayList<>();
    for (EventExecutor executor : group) {
      list.add(new NettyLoop((IoEventLoop) executor, kind, hookOf(handlers, executor), budget));
    }
    loops = List.copyOf(list);
    LOG.info("{} loops {} on {}, {} of memory for the requests of each", count, name, kind, new ByteSize(budget));
  }

  private static IoHandlerFactory factory(LoopKind kind, ReceiveBuffers receive) {
    if (kind == LoopKind.EPOLL) return EpollIoHandler.newFactory();
    IoUringIoHandlerConfig config = new IoUringIoHandlerConfig().setRingSize(RING).setCqSize(COMPLETIONS);
    if (receive != null) config.setBufferRingConfig(receive.ring());
    return IoUringIoHandler.newFactory(config);
  }

  private static IoHandlerFactory hooked(LoopKind kind, List<EndOfBatch> handlers) {
    return new IoHandlerFactory() {
      @Override
      public io.netty.channel.IoHandler newHandler(ThreadAwareExecutor executor) {
        boolean ring = kind == LoopKind.IO_URING;
        ReceiveBuffers receive = ring && ReceiveBuffers.available() ? new ReceiveBuffers() : null;
        EndOfBatch handler =
            new EndOfBatch(factory(kind, receive).newHandler(executor), executor, receive, ring ? new Alarm() : null);
        handlers.add(handler);
        return handler;
      }

      @Override
      public boolean isChangingThreadSupported() {
        return false;
      }
    };
  }

  private static EndOfBatch hookOf(List<EndOfBatch> handlers, EventExecutor executor) {
    for (EndOfBatch handler : handlers) if (handler.executor() == executor) return handler;
    throw new IllegalStateException("a loop without its handler");
  }

  /** Any thread: all loops; the list does not change. */
  public List<NettyLoop> all() {
    return loops;
  }

  /** Any thread: the loops in turn, to spread devices and connections over them. */
  public NettyLoop next() {
    return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
  }

  /**
   * Any thread but a loop's: closes the disks that are still open, waits for what they have under way, then ends the
   * loops: 30 s for each at most. Connections should have been closed before; those that are left are cut off.
   */
  @Override
  public void close() {
    CompletableFuture<?>[] winding = loops.stream().map(NettyLoop::windUp).toArray(CompletableFuture[]::new);
    boolean interrupted = false;
    try {
      CompletableFuture.allOf(winding).get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("disks still had requests under way after {} s", CLOSE_SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    try {
      if (!group.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("loops did not end in {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}
