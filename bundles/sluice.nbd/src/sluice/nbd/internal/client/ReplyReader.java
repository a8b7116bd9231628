package sluice.nbd.internal.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import sluice.nbd.internal.Nbd;

/**
 * Takes the stream of replies apart ("Simple reply message", "Structured reply chunk message"), however it was cut into
 * pieces. Holds no more than a header; data go straight into the request's buffer.
 */
final class ReplyReader {
  /** Knows the requests that the replies are to; throws for replies that cannot be. */
  interface Sink {
    /** @return bytes of data that follow the reply */
    int simple(long cookie, int error) throws MalformedReply;

    /** A chunk begins; whether the request is known and this type may answer it. */
    void chunk(long cookie, int type) throws MalformedReply;

    /** @return where the data go, its writer index in place, released by the caller; null to throw them away */
    ByteBuf data(long cookie, long offset, int length) throws MalformedReply;

    /** Data of a simple reply: the whole of the request. */
    ByteBuf data(long cookie);

    void hole(long cookie, long offset, long length) throws MalformedReply;

    void context(long cookie, int id) throws MalformedReply;

    void extent(long cookie, long length, int flags) throws MalformedReply;

    void error(long cookie, int error) throws MalformedReply;

    /** Nothing more will come for this request. */
    void done(long cookie) throws MalformedReply;
  }

  private static final int MAX_ERROR = 2 * Nbd.MAX_STRING;
  private static final int MAX_STATUS = 4 + 8 * (1 << 20);
  private static final int ERROR_PREFIX = 6;

  private enum State { MAGIC, HEADER, PREFIX, DATA, EXTENTS, SKIP, STOPPED }

  private final Sink sink;
  private final boolean structured;
  private final ByteBuf partial = Unpooled.buffer(Nbd.STRUCTURED_REPLY_HEADER, Nbd.STRUCTURED_REPLY_HEADER);
  private State state = State.MAGIC;
  /** Bytes that {@link #partial} shall hold. */
  private int wanted = 4;
  private boolean chunked;
  private boolean last;
  private int type;
  private long cookie;
  /** Bytes of the reply's or chunk's payload still to come. */
  private int missing;
  private ByteBuf target;

  ReplyReader(boolean structured, Sink sink) {
    this.structured = structured;
    this.sink = sink;
  }

  /** Takes all the bytes. */
  void read(ByteBuf in) throws MalformedReply {
    while (in.isReadable()) {
      switch (state) {
        case DATA -> data(in);
        case SKIP -> skip(in);
        case STOPPED -> in.skipBytes(in.readableBytes());
        default -> {
          if (filled(in)) step();
        }
      }
    }
  }

  private boolean filled(ByteBuf in) {
    in.readBytes(partial, Math.min(in.readableBytes(), wanted - partial.writerIndex()));
    return partial.writerIndex() == wanted;
  }

  private void step() throws MalformedReply {
    switch (state) {
      case MAGIC -> magic();
      case HEADER -> header();
      case PREFIX -> prefix();
      default -> extent();
    }
  }

  private void expect(State next, int bytes) {
    state = next;
    partial.clear();
    wanted = bytes;
  }

  private void magic() throws MalformedReply {
    int magic = partial.getInt(0);
    chunked = magic == Nbd.STRUCTURED_REPLY_MAGIC;
    if (!chunked && magic != Nbd.SIMPLE_REPLY_MAGIC) throw new MalformedReply("a reply does not begin with a magic number");
    if (chunked && !structured) throw new MalformedReply("a structured reply where none were agreed on");
    state = State.HEADER;
    wanted = chunked ? Nbd.STRUCTURED_REPLY_HEADER : Nbd.SIMPLE_REPLY_HEADER;
  }

  private void header() throws MalformedReply {
    cookie = partial.getLong(8);
    if (!chunked) {
      last = true;
      missing = sink.simple(cookie, partial.getInt(4));
      if (missing == 0) endOfPayload();
      else begin(sink.data(cookie));
      return;
    }
    last = (partial.getUnsignedShort(4) & Nbd.REPLY_FLAG_DONE) != 0;
    type = partial.getUnsignedShort(6);
    missing = partial.getInt(16);
    sink.chunk(cookie, type);
    int prefix = prefixLength();
    missing -= prefix;
    if (prefix == 0) endOfPayload();
    else expect(State.PREFIX, prefix);
  }

  private int prefixLength() throws MalformedReply {
    if ((type & Nbd.REPLY_ERROR_BIT) != 0) return within(ERROR_PREFIX, MAX_ERROR, ERROR_PREFIX);
    return switch (type) {
      case Nbd.REPLY_NONE -> {
        if (!last) throw new MalformedReply("an empty chunk that is not the last");
        yield within(0, 0, 0);
      }
      case Nbd.REPLY_OFFSET_DATA -> within(9, Nbd.MAX_PAYLOAD + 8, 8);
      case Nbd.REPLY_OFFSET_HOLE -> within(12, 12, 12);
      case Nbd.REPLY_BLOCK_STATUS -> {
        if ((missing - 4) % 8 != 0) throw new MalformedReply("a status chunk of " + missing + " bytes");
        yield within(12, MAX_STATUS, 4);
      }
      default -> throw new MalformedReply("a chunk of type " + type);
    };
  }

  private int within(int least, int most, int prefix) throws MalformedReply {
    if (missing >= least && missing <= most) return prefix;
    throw new MalformedReply("a chunk of type " + type + " with " + Integer.toUnsignedString(missing) + " bytes");
  }

  private void prefix() throws MalformedReply {
    if ((type & Nbd.REPLY_ERROR_BIT) != 0) {
      if (partial.getUnsignedShort(4) > missing) throw new MalformedReply("an error's text is longer than its chunk");
      sink.error(cookie, partial.getInt(0));
      state = State.SKIP;
    } else if (type == Nbd.REPLY_OFFSET_DATA) {
      begin(sink.data(cookie, partial.getLong(0), missing));
    } else if (type == Nbd.REPLY_OFFSET_HOLE) {
      sink.hole(cookie, partial.getLong(0), partial.getUnsignedInt(8));
    } else {
      sink.context(cookie, partial.getInt(0));
      expect(State.EXTENTS, 8);
    }
    if (missing == 0) endOfPayload();
  }

  private void begin(ByteBuf where) {
    target = where;
    state = where == null ? State.SKIP : State.DATA;
  }

  private void data(ByteBuf in) throws MalformedReply {
    int n = Math.min(missing, in.readableBytes());
    in.readBytes(target, n);
    missing -= n;
    if (missing > 0) return;
    dropTarget();
    endOfPayload();
  }

  private void skip(ByteBuf in) throws MalformedReply {
    int n = Math.min(missing, in.readableBytes());
    in.skipBytes(n);
    missing -= n;
    if (missing == 0) endOfPayload();
  }

  private void extent() throws MalformedReply {
    long length = partial.getUnsignedInt(0);
    if (length == 0) throw new MalformedReply("an extent of no length");
    sink.extent(cookie, length, partial.getInt(4));
    missing -= 8;
    partial.clear();
    if (missing == 0) endOfPayload();
  }

  private void endOfPayload() throws MalformedReply {
    expect(State.MAGIC, 4);
    if (last) sink.done(cookie);
  }

  /** What is still to come for this request is thrown away; its buffer is not touched any more. */
  void abandon(long abandoned) {
    if (target == null || cookie != abandoned) return;
    dropTarget();
    state = State.SKIP;
  }

  private void dropTarget() {
    target.release();
    target = null;
  }

  /** Takes nothing more. */
  void stop() {
    state = State.STOPPED;
    if (target != null) dropTarget();
  }
}
