package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import sluice.api.block.IoBuffer;
import sluice.io.NettyBuffer;
import sluice.nbd.internal.Nbd;

/**
 * Takes the stream of requests apart ("Request message"), however it was cut into pieces. Holds no more than one header;
 * a payload goes straight into its request's buffer, or is thrown away if the request was refused.
 */
final class RequestReader {
  /** Decides about requests and takes them. */
  interface Sink {
    /** Asked before each request: whether it has to wait. */
    boolean full();

    /** Asked when its header is there: whether there is no memory for it now. It is asked again when there may be. */
    boolean waits(int command, long length);

    /** @return what is to be submitted once its payload is there; null if it has been answered, or is to be refused */
    ServerRequest request(int command, int flags, long cookie, long offset, long length);

    void complete(ServerRequest request);

    /** The payload of a request that is to be refused has been thrown away: now it may be answered. */
    void skipped();

    /** Its payload will not come. */
    void abandoned(ServerRequest request);

    /** The client ends the session (NBD_CMD_DISC). */
    void disconnect();

    void malformed(String why);
  }

  private enum State { HEADER, PAYLOAD, SKIP, STOPPED }

  private final Sink sink;
  private final ByteBuf partial = Unpooled.buffer(Nbd.REQUEST_HEADER, Nbd.REQUEST_HEADER);
  private State state = State.HEADER;
  private ServerRequest writing;
  /** A view of its buffer to write into. */
  private ByteBuf target;
  /** Bytes of payload still to come. */
  private long missing;

  RequestReader(Sink sink) {
    this.sink = sink;
  }

  /** @return false if a request has to wait: the buffer is to be brought again, even if nothing is left in it */
  boolean read(ByteBuf in) {
    while (in.isReadable() || state == State.HEADER && !partial.isWritable()) {
      switch (state) {
        case HEADER -> {
          if (!partial.isReadable() && sink.full()) return false;
          if (!header(in)) return false;
        }
        case PAYLOAD -> payload(in);
        case SKIP -> skip(in);
        case STOPPED -> in.skipBytes(in.readableBytes());
      }
    }
    return true;
  }

  /** @return false if the request has to wait; its header is kept */
  private boolean header(ByteBuf in) {
    if (!partial.isReadable() && in.readableBytes() >= Nbd.REQUEST_HEADER) {
      int at = in.readerIndex();
      if (waits(in, at)) return false;
      in.skipBytes(Nbd.REQUEST_HEADER);
      parse(in, at);
      return true;
    }
    in.readBytes(partial, Math.min(in.readableBytes(), partial.writableBytes()));
    if (partial.isWritable()) return true;
    if (waits(partial, 0)) return false;
    partial.clear();
    parse(partial, 0);
    return true;
  }

  private boolean waits(ByteBuf header, int at) {
    return header.getInt(at) == Nbd.REQUEST_MAGIC && sink.waits(header.getUnsignedShort(at + 6), header.getUnsignedInt(at + 24));
  }

  private void parse(ByteBuf header, int at) {
    if (header.getInt(at) != Nbd.REQUEST_MAGIC) {
      stop();
      sink.malformed("a request does not begin with the magic number");
      return;
    }
    int flags = header.getUnsignedShort(at + 4);
    int command = header.getUnsignedShort(at + 6);
    long length = header.getUnsignedInt(at + 24);
    if (command == Nbd.CMD_DISC) {
      stop();
      sink.disconnect();
      return;
    }
    // What this command's payload is was decided by the client; it comes even if the request is refused.
    missing = command == Nbd.CMD_WRITE ? length : 0;
    ServerRequest request = sink.request(command, flags, header.getLong(at + 8), header.getLong(at + 16), length);
    if (state == State.STOPPED) return;
    if (request == null) {
      if (missing > 0) state = State.SKIP;
    } else if (missing == 0) {
      sink.complete(request);
    } else {
      writing = request;
      target = NettyBuffer.of(request.buffer).slice(IoBuffer.HEADROOM, (int) length);
      target.writerIndex(IoBuffer.HEADROOM);
      state = State.PAYLOAD;
    }
  }

  private void payload(ByteBuf in) {
    int n = (int) Math.min(missing, in.readableBytes());
    in.readBytes(target, n);
    missing -= n;
    if (missing > 0) return;
    ServerRequest request = writing;
    writing = null;
    target.release();
    target = null;
    state = State.HEADER;
    sink.complete(request);
  }

  private void skip(ByteBuf in) {
    int n = (int) Math.min(missing, in.readableBytes());
    in.skipBytes(n);
    missing -= n;
    if (missing > 0) return;
    state = State.HEADER;
    sink.skipped();
  }

  /** Bytes that the client has yet to send of a write that has its buffer. */
  long missing() {
    return writing == null ? 0 : missing;
  }

  /** Takes no further request; one whose payload is not complete is abandoned. */
  void stop() {
    state = State.STOPPED;
    if (writing == null) return;
    ServerRequest request = writing;
    writing = null;
    target.release();
    target = null;
    sink.abandoned(request);
  }
}
