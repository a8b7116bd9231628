package sluice.nbd.internal;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Sizes of what lies between a socket and us. */
public final class Sockets {
  /** Bytes. Room for many messages in the socket: fewer wake-ups a byte, as measured. */
  public static final int SEND_BUFFER = 4 << 20;
  /** Bytes read at once while small messages come. */
  private static final int FIRST_READ = 16 << 10;
  /** Bytes read at once at most: a large payload in few pieces, and bounded memory for a connection that is stalled. */
  private static final int LARGEST_READ = 256 << 10;

  private Sockets() {}

  /** Of one connection. */
  public static RecvByteBufAllocator receiving() {
    return new AdaptiveRecvByteBufAllocator(2048, FIRST_READ, LARGEST_READ);
  }
}
