package sluice.nbd.internal.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import sluice.api.block.BlockRequest;
import sluice.io.NettyBuffer;
import sluice.nbd.internal.Nbd;

/**
 * Writes request messages ("Request message"). Headers gather until {@link #flush}; a WRITE's payload goes from the
 * request's buffer as it is. Its header does not go into the headroom: the same buffer may be on its way to two servers.
 */
final class Requests {
  /** WRITE_ZEROES towards a server that has none is written from here. */
  static final int ZEROES = 256 << 10;
  private static final ByteBuf ZERO_BYTES =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(ZEROES, ZEROES).writeZero(ZEROES));

  private final Channel channel;
  private ByteBuf gathered;

  Requests(Channel channel) {
    this.channel = channel;
  }

  void send(Slot slot, int flags) {
    header(flags, slot.command, slot.cookie, slot.offset, slot.length);
    if (slot.command != Nbd.CMD_WRITE) return;
    Operation operation = slot.operation;
    push();
    if (operation.zeroes) {
      channel.write(ZERO_BYTES.retainedSlice(0, (int) slot.length), channel.voidPromise());
      return;
    }
    BlockRequest request = operation.request;
    int at = request.bufferIndex + (int) (slot.offset - request.offset);
    channel.write(NettyBuffer.of(request.buffer).slice(at, (int) slot.length), channel.voidPromise());
  }

  /** The session ends (NBD_CMD_DISC); has no answer. */
  void disconnect() {
    header(0, Nbd.CMD_DISC, 0, 0, 0);
  }

  private void header(int flags, int command, long cookie, long offset, long length) {
    if (gathered == null) gathered = channel.alloc().directBuffer(1024);
    gathered.writeInt(Nbd.REQUEST_MAGIC).writeShort(flags).writeShort(command).writeLong(cookie).writeLong(offset).writeInt((int) length);
  }

  private void push() {
    if (gathered == null) return;
    channel.write(gathered, channel.voidPromise());
    gathered = null;
  }

  void flush() {
    push();
    channel.flush();
  }

  /** The channel takes nothing any more. */
  void discard() {
    if (gathered != null) gathered.release();
    gathered = null;
  }
}
