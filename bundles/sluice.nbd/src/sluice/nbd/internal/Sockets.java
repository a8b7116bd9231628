package sluice.nbd.internal;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import sluice.io.NettyLoop;

/** Sizes of what lies between a socket and us. */
public final class Sockets {
  /** Bytes. Room for many messages in the socket: fewer wake-ups a byte, as measured. */
  private static final int SEND_BUFFER = 4 << 20;
  /** Bytes read at once while small messages come. */
  private static final int FIRST_READ = 16 << 10;
  /** Bytes read at once at most: a large payload in few pieces, and bounded memory for a connection that is stalled. */
  private static final int LARGEST_READ = 256 << 10;

  private Sockets() {}

  /** Options of one connection, whatever its kind. Those of the loop take the place of the sizes where it has them. */
  public static Map<ChannelOption<?>, Object> options(NettyLoop loop) {
    Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
    options.put(ChannelOption.SO_SNDBUF, SEND_BUFFER);
    options.put(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(2048, FIRST_READ, LARGEST_READ));
    options.putAll(loop.receiving());
    return options;
  }

  @SuppressWarnings("unchecked")
  public static void set(Map<ChannelOption<?>, Object> options, BiConsumer<ChannelOption<Object>, Object> setter) {
    options.forEach((option, value) -> setter.accept((ChannelOption<Object>) option, value));
  }
}
