package sluice.io;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoEventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import sluice.api.block.BlockDevice;
import sluice.api.block.IoLoop;

/** An {@link IoLoop} that is one of Netty's event loops: sockets register on it with Netty's own channels. */
public final class NettyLoop implements IoLoop {
  private final IoEventLoop loop;
  private final LoopKind kind;
  private final EndOfBatch hook;
  private final BufferPool buffers;
  private final BufferPool received;
  private final MemoryBudget budget;
  private final Set<BlockDevice> attached = Collections.newSetFromMap(new IdentityHashMap<>());

  NettyLoop(IoEventLoop loop, LoopKind kind, EndOfBatch hook, long budgetBytes) {
    this.loop = loop;
    this.kind = kind;
    this.hook = hook;
    this.buffers = new BufferPool(this);
    this.received = new BufferPool(this);
    this.budget = new MemoryBudget(this, budgetBytes);
    if (hook.receive() != null) hook.receive().from(received);
    if (hook.alarm() != null) hook.alarm().start(loop);
  }

  /** Any thread: the loop behind the interface; fails with IllegalArgumentException for a loop that is not Netty's. */
  public static NettyLoop of(IoLoop loop) {
    if (loop instanceof NettyLoop netty) return netty;
    throw new IllegalArgumentException("not one of Netty's loops: " + loop);
  }

  /** Any thread: to register channels on, as the group of a bootstrap. */
  public IoEventLoop eventLoop() {
    return loop;
  }

  public LoopKind kind() {
    return kind;
  }

  /** The channel class for a listening Unix socket on this loop. */
  public Class<? extends ServerChannel> domainServerChannel() {
    return kind == LoopKind.IO_URING ? IoUringServerDomainSocketChannel.class : EpollServerDomainSocketChannel.class;
  }

  /** The channel class for a Unix socket on this loop. */
  public Class<? extends Channel> domainChannel() {
    return kind == LoopKind.IO_URING ? IoUringDomainSocketChannel.class : EpollDomainSocketChannel.class;
  }

  /** The channel class for a listening TCP socket on this loop. */
  public Class<? extends ServerChannel> tcpServerChannel() {
    return kind == LoopKind.IO_URING ? IoUringServerSocketChannel.class : EpollServerSocketChannel.class;
  }

  /** The channel class for a TCP socket on this loop. */
  public Class<? extends Channel> tcpChannel() {
    return kind == LoopKind.IO_URING ? IoUringSocketChannel.class : EpollSocketChannel.class;
  }

  /**
   * Any thread: a connection's options by which it receives as is best on this loop, to be set besides the caller's own
   * before it is registered.
   */
  public Map<ChannelOption<?>, Object> receiving() {
    return hook.receive() == null ? Map.of() : Map.of(IoUringChannelOption.IO_URING_BUFFER_GROUP_ID, ReceiveBuffers.GROUP);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public boolean inLoop() {
    return loop.inEventLoop();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(long delayNanos, Runnable task) {
    ScheduledFuture<?> future = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public BufferPool buffers() {
    return buffers;
  }

  /** Any thread: what the connections on this loop share; the budget itself is the loop's. */
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public void atEndOfBatch(Runnable task) {
    hook.add(task);
  }

  /**
   * On the loop: the kernel works on this device's memory by the loop's ring, so the loop must not end before the
   * device is closed; {@link IoLoops#close} closes it if nobody else has.
   */
  public void attach(BlockDevice device) {
    attached.add(device);
  }

  /** On the loop: the device is closed. */
  public void detach(BlockDevice device) {
    attached.remove(device);
  }

  /** Any thread: closes the attached devices and lets go of memory; completes when nothing is under way any more. */
  CompletableFuture<Void> windUp() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      execute(() -> {
        CompletableFuture<?>[] closing =
            List.copyOf(attached).stream().map(d -> d.close().toCompletableFuture()).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(closing).whenComplete((nothing, failure) -> {
          buffers.close();
          received.close();
          done.complete(null);
        });
      });
    } catch (RejectedExecutionException e) {
      done.complete(null);
    }
    return done;
  }

  @Override
  public String toString() {
    return kind + " loop " + loop;
  }
}
