package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import sluice.api.block.IoBuffer;
import sluice.api.block.IoError;
import sluice.io.NettyBuffer;
import sluice.nbd.internal.Nbd;
import sluice.nbd.internal.WireErrors;

/**
 * Writes replies ("Simple reply message", "Structured reply chunk message"). Short ones gather in one buffer until
 * {@link #flush}; a READ's header is built in front of its data, so that the two are one piece.
 *
 * <p>What a client does not fetch piles up in the channel; whoever reads requests stops when the channel is not
 * writable. READ is answered with one content chunk, which the flag DF would ask for.
 */
final class Replies {
  /** Gathered replies beyond this go to the channel before the batch ends. */
  private static final int GATHER = 16 << 10;
  private static final int DATA_CHUNK_HEADER = Nbd.STRUCTURED_REPLY_HEADER + 8;

  private final ChannelHandlerContext ctx;
  private final boolean structured;
  private final boolean encrypted;
  private ByteBuf gathered;

  /** @param encrypted what is written is copied at once, and the copy waits for the client */
  Replies(ChannelHandlerContext ctx, boolean structured, boolean encrypted) {
    this.ctx = ctx;
    this.structured = structured;
    this.encrypted = encrypted;
  }

  /** Success without data. */
  void done(long cookie) {
    room().writeInt(Nbd.SIMPLE_REPLY_MAGIC).writeInt(0).writeLong(cookie);
    written();
  }

  void error(long cookie, int error) {
    int wire = WireErrors.toWire(error);
    if (structured) {
      byte[] text = IoError.text(error).getBytes(StandardCharsets.US_ASCII);
      chunk(room(), Nbd.REPLY_FLAG_DONE, Nbd.REPLY_ERROR, cookie, 6 + text.length);
      gathered.writeInt(wire).writeShort(text.length).writeBytes(text);
    } else {
      room().writeInt(Nbd.SIMPLE_REPLY_MAGIC).writeInt(wire).writeLong(cookie);
    }
    written();
  }

  /** Success of READ; takes the buffer over. It goes back to the pool when the client has taken the answer. */
  void data(long cookie, long offset, IoBuffer buffer, int length) {
    ByteBuffer bytes = buffer.bytes();
    int header = structured ? DATA_CHUNK_HEADER : Nbd.SIMPLE_REPLY_HEADER;
    int at = IoBuffer.HEADROOM - header;
    if (structured) {
      bytes.putInt(at, Nbd.STRUCTURED_REPLY_MAGIC);
      bytes.putShort(at + 4, (short) Nbd.REPLY_FLAG_DONE);
      bytes.putShort(at + 6, (short) Nbd.REPLY_OFFSET_DATA);
      bytes.putLong(at + 8, cookie);
      bytes.putInt(at + 16, length + 8);
      bytes.putLong(at + 20, offset);
    } else {
      bytes.putInt(at, Nbd.SIMPLE_REPLY_MAGIC);
      bytes.putInt(at + 4, 0);
      bytes.putLong(at + 8, cookie);
    }
    ByteBuf view = NettyBuffer.of(buffer).slice(at, header + length);
    if (encrypted) {
      ctx.write(view).addListener(f -> buffer.release());
    } else {
      ctx.write(view, ctx.voidPromise());
      buffer.release();
    }
  }

  /** READ of nothing: a chunk without content may not be sent as content. */
  void noData(long cookie) {
    if (!structured) {
      done(cookie);
      return;
    }
    chunk(room(), Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, cookie, 0);
    written();
  }

  /** One context's extents, taken over; the last context's chunk ends the reply. */
  void status(long cookie, int context, ByteBuf extents, boolean last) {
    chunk(room(), last ? Nbd.REPLY_FLAG_DONE : 0, Nbd.REPLY_BLOCK_STATUS, cookie, 4 + extents.readableBytes());
    gathered.writeInt(context).writeBytes(extents);
    extents.release();
    written();
  }

  private static void chunk(ByteBuf out, int flags, int type, long cookie, int length) {
    out.writeInt(Nbd.STRUCTURED_REPLY_MAGIC).writeShort(flags).writeShort(type).writeLong(cookie).writeInt(length);
  }

  private ByteBuf room() {
    if (gathered == null) gathered = ctx.alloc().directBuffer(1024);
    return gathered;
  }

  private void written() {
    if (gathered.readableBytes() >= GATHER) push();
  }

  private void push() {
    if (gathered == null) return;
    ctx.write(gathered, ctx.voidPromise());
    gathered = null;
  }

  void flush() {
    push();
    ctx.flush();
  }

  /** The channel is gone: nothing will be written any more. */
  void discard() {
    if (gathered != null) gathered.release();
    gathered = null;
  }
}
