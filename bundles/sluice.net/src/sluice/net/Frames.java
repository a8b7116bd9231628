package sluice.net;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.MessageToByteEncoder;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Frames of a 4-byte big-endian length and one protobuf message of that many bytes (session.proto). */
final class Frames {
  /** Before Welcome: who has proven nothing is given little memory. */
  static final int GREETING_BYTES = 16 * 1024;

  /** After Welcome. */
  static final int MAX_BYTES = 16 * 1024 * 1024;

  static final int HEADER_BYTES = 4;

  private Frames() {}

  /** Decodes one kind of message; a frame that is too long or damaged ends it for good. */
  static final class Decoder<M extends MessageLite> extends ByteToMessageDecoder {
    private final Parser<M> parser;
    private int limit = GREETING_BYTES;
    private boolean damaged;

    Decoder(Parser<M> parser) {
      this.parser = parser;
    }

    /** On the loop, at the Welcome. */
    void welcomed() {
      limit = MAX_BYTES;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws IOException {
      if (damaged) {
        in.skipBytes(in.readableBytes());
        return;
      }
      if (in.readableBytes() < HEADER_BYTES) return;
      long length = in.getUnsignedInt(in.readerIndex());
      if (length > limit) {
        damaged = true;
        throw new TooLongFrameException("a frame of " + length + " bytes where " + limit + " are allowed");
      }
      if (in.readableBytes() < HEADER_BYTES + length) return;
      in.skipBytes(HEADER_BYTES);
      ByteBuffer bytes = in.nioBuffer(in.readerIndex(), (int) length);
      in.skipBytes((int) length);
      try {
        out.add(parser.parseFrom(CodedInputStream.newInstance(bytes)));
      } catch (IOException e) {
        damaged = true;
        throw new CorruptedFrameException("a frame that is not a message: " + e.getMessage());
      }
    }
  }

  /** Encodes; one instance a channel. Who sends has looked at the size before. */
  static final class Encoder extends MessageToByteEncoder<MessageLite> {
    @Override
    protected ByteBuf allocateBuffer(ChannelHandlerContext ctx, MessageLite message, boolean direct) {
      return ctx.alloc().buffer(HEADER_BYTES + message.getSerializedSize());
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, MessageLite message, ByteBuf out) throws IOException {
      int length = message.getSerializedSize();
      out.writeInt(length);
      CodedOutputStream coded = CodedOutputStream.newInstance(out.nioBuffer(out.writerIndex(), length));
      message.writeTo(coded);
      coded.flush();
      out.writerIndex(out.writerIndex() + length);
    }
  }
}
