package sluice.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.io.testing.Folder;

class IoLoopsTest {
  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void bothKindsRunOnThisMachine() {
    for (LoopKind kind : LoopKind.values()) assertTrue(kind.available(), kind + ": " + kind.unavailableBecause());
    assertEquals(LoopKind.IO_URING, LoopKind.best());
  }

  @Test
  void loopsAreHandedOutInTurn() {
    try (IoLoops loops = IoLoops.start("turn", 2)) {
      NettyLoop a = loops.next();
      NettyLoop b = loops.next();
      assertNotSame(a, b);
      assertSame(a, loops.next());
      assertEquals(2, loops.all().size());
      assertFalse(a.inLoop());
      assertSame(a, NettyLoop.of(a));
    }
  }

  @Test
  void aTaskAtTheEndOfABatchRunsPromptlyAndOnceAlthoughNothingElseHappens() throws Exception {
    for (LoopKind kind : LoopKind.values()) {
      try (IoLoops loops = IoLoops.start("batch", 1, kind)) {
        NettyLoop loop = loops.next();
        for (int i = 0; i < 100; i++) {
          CountDownLatch ran = new CountDownLatch(1);
          loop.execute(() -> loop.atEndOfBatch(ran::countDown));
          assertTrue(ran.await(60, TimeUnit.SECONDS), kind + " round " + i);
        }
      }
    }
  }

  /** A timer does not wake the ring, so nothing but the flush before it sleeps can see the task. */
  @Test
  void aTaskLeftByATimerRunsBeforeTheLoopSleeps() throws Exception {
    for (LoopKind kind : LoopKind.values()) {
      try (IoLoops loops = IoLoops.start("timer", 1, kind)) {
        NettyLoop loop = loops.next();
        CompletableFuture<Void> ran = new CompletableFuture<>();
        loop.execute(() -> loop.schedule(5_000_000, () -> loop.atEndOfBatch(() -> ran.complete(null))));
        get(ran);
      }
    }
  }

  @Test
  void tasksOfOneBatchRunTogetherAfterIt() throws Exception {
    try (IoLoops loops = IoLoops.start("together", 1)) {
      NettyLoop loop = loops.next();
      List<String> order = new CopyOnWriteArrayList<>();
      CompletableFuture<Void> done = new CompletableFuture<>();
      loop.execute(() -> {
        loop.atEndOfBatch(() -> order.add("end"));
        loop.execute(() -> order.add("task"));
        loop.atEndOfBatch(() -> done.complete(null));
      });
      get(done);
      assertEquals(List.of("task", "end"), order);
    }
  }

  @Test
  void aTaskThatLeavesAnotherAgainAndAgainDoesNotStarveTheLoopAndAFailingOneHarmsNoOther() throws Exception {
    try (IoLoops loops = IoLoops.start("again", 1)) {
      NettyLoop loop = loops.next();
      CompletableFuture<Void> other = new CompletableFuture<>();
      int[] rounds = new int[1];
      Runnable[] again = new Runnable[1];
      again[0] = () -> {
        if (++rounds[0] < 1000) loop.atEndOfBatch(again[0]);
        else other.complete(null);
      };
      loop.execute(() -> {
        loop.atEndOfBatch(() -> {
          throw new IllegalStateException("on purpose");
        });
        loop.atEndOfBatch(again[0]);
      });
      get(other);
      assertEquals(1000, rounds[0]);
    }
  }

  @Test
  void aTimerRunsUnlessItIsCancelled() throws Exception {
    try (IoLoops loops = IoLoops.start("timer", 1)) {
      NettyLoop loop = loops.next();
      CompletableFuture<String> first = new CompletableFuture<>();
      loop.execute(() -> {
        loop.schedule(1_000_000, () -> first.complete("cancelled")).cancel();
        loop.schedule(2_000_000, () -> first.complete("kept"));
      });
      assertEquals("kept", get(first));
    }
  }

  @Test
  void socketsOfBothSortsWorkOnBothKinds() throws Exception {
    for (LoopKind kind : LoopKind.values()) {
      try (Folder folder = new Folder(); IoLoops loops = IoLoops.start("sockets", 1, kind)) {
        NettyLoop loop = loops.next();
        String path = folder.path().resolve("s").toString();
        echo(loop, loop.domainServerChannel(), loop.domainChannel(), new DomainSocketAddress(path));
        echo(loop, loop.tcpServerChannel(), loop.tcpChannel(), new InetSocketAddress("127.0.0.1", 0));
      }
    }
  }

  /** The server answers from a pooled buffer's view. */
  private static void echo(NettyLoop loop, Class<? extends io.netty.channel.ServerChannel> serverType,
      Class<? extends Channel> clientType, SocketAddress address) throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Channel server = new ServerBootstrap().group(loop.eventLoop()).channel(serverType)
        .childHandler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {
            NettyBuffer greeting = loop.buffers().take(5);
            greeting.bytes().put(100, "hello".getBytes(StandardCharsets.US_ASCII));
            channel.write(greeting.slice(100, 5));
            greeting.release();
            loop.atEndOfBatch(channel::flush);
          }
        }).bind(address).sync().channel();
    Channel client = new Bootstrap().group(loop.eventLoop()).channel(clientType)
        .handler(new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            answer.complete(((ByteBuf) message).toString(StandardCharsets.US_ASCII));
            ((ByteBuf) message).release();
          }
        }).connect(server.localAddress()).sync().channel();
    assertEquals("hello", get(answer));
    client.close().sync();
    server.close().sync();
    CompletableFuture<Integer> out = new CompletableFuture<>();
    loop.execute(() -> out.complete(loop.buffers().outstanding()));
    assertEquals(0, get(out));
  }
}
