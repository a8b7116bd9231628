package sluice.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.DomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sluice.io.testing.Folder;

class ReceiveBuffersTest {
  /** Several times what the ring holds. */
  private static final int TOTAL = 12 << 20;

  /** Keeps all it gets until everything is there. */
  private static final class Keeper extends ChannelInboundHandlerAdapter {
    final CompletableFuture<Boolean> right = new CompletableFuture<>();
    private final List<ByteBuf> kept = new ArrayList<>();
    private int received;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      received += in.readableBytes();
      kept.add(in);
      if (received == TOTAL) right.complete(check());
    }

    private boolean check() {
      int at = 0;
      boolean good = true;
      for (ByteBuf in : kept) {
        for (; in.isReadable(); at++) good &= in.readByte() == (byte) (at >> 8);
        in.release();
      }
      return good;
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void whatArrivesIsWholeAlthoughTheReceiverKeepsMoreThanTheRingHas() throws Exception {
    try (Folder folder = new Folder(); IoLoops loops = IoLoops.start("receive", 1, LoopKind.IO_URING)) {
      NettyLoop loop = loops.next();
      assertFalse(loop.receiving().isEmpty());
      Keeper keeper = new Keeper();
      ServerBootstrap bootstrap = new ServerBootstrap().group(loop.eventLoop()).channel(loop.domainServerChannel())
          .childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
              channel.pipeline().addLast(keeper);
            }
          });
      loop.receiving().forEach((option, value) -> bootstrap.childOption((ChannelOption<Object>) option, value));
      Channel server = bootstrap.bind(new DomainSocketAddress(folder.path().resolve("s").toString())).sync().channel();
      Channel client = new Bootstrap().group(loop.eventLoop()).channel(loop.domainChannel())
          .handler(new ChannelInboundHandlerAdapter()).connect(server.localAddress()).sync().channel();
      byte[] data = new byte[TOTAL];
      for (int i = 0; i < TOTAL; i++) data[i] = (byte) (i >> 8);
      client.writeAndFlush(Unpooled.wrappedBuffer(data));
      assertTrue(keeper.right.get(60, TimeUnit.SECONDS));
      CompletableFuture<Integer> out = new CompletableFuture<>();
      loop.execute(() -> out.complete(loop.buffers().outstanding()));
      assertEquals(0, out.get(60, TimeUnit.SECONDS), "requests' buffers are not used for this");
      client.close().sync();
      server.close().sync();
    }
  }

  @Test
  void aLoopWithoutARingHasNone() {
    try (IoLoops loops = IoLoops.start("receive", 1, LoopKind.EPOLL)) {
      assertTrue(loops.next().receiving().isEmpty());
    }
  }
}
