package sluice.nbd.internal.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import sluice.api.ErrorCode;
import sluice.nbd.ClientOptions;
import sluice.nbd.internal.Addresses;
import sluice.nbd.internal.Nbd;
import sluice.nbd.internal.Printable;
import sluice.nbd.internal.TlsTasks;

/**
 * Opens an export ("Fixed newstyle negotiation"): STARTTLS if asked, then STRUCTURED_REPLY, SET_META_CONTEXT for
 * base:allocation, GO with its block sizes; EXPORT_NAME towards servers that do not know GO. One option at a time.
 */
final class Haggling extends ByteToMessageDecoder {
  /** Says why it failed and what to do. */
  interface Failed {
    void because(ErrorCode code, String why, String correction);
  }

  private static final int MAX_REPLY = 64 << 10;
  /** Replies to all options together; no server that means well sends as many. */
  private static final int MAX_REPLIES = 1024;
  private static final int GREETING = 18;

  private enum State { GREETING, REPLY, EXPORT_NAME, TLS, ENDED }

  private final ClientOptions options;
  private final Consumer<Offer> opened;
  private final Failed failed;
  private final byte[] name;
  private State state = State.GREETING;
  private boolean noZeroes;
  private int option;
  private int replies;
  private boolean structured;
  private int context = -1;
  private long size = -1;
  private int flags;
  private int minimum;
  private int preferred;
  private int maximum;

  Haggling(ClientOptions options, Consumer<Offer> opened, Failed failed) {
    this.options = options;
    this.opened = opened;
    this.failed = failed;
    name = options.exportName().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    switch (state) {
      case GREETING -> greeting(ctx, in);
      case REPLY -> reply(ctx, in);
      case EXPORT_NAME -> exportName(in);
      case TLS -> { }
      case ENDED -> in.skipBytes(in.readableBytes());
    }
  }

  private void greeting(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < GREETING) return;
    if (in.readLong() != Nbd.INIT_MAGIC) {
      fail(ErrorCode.CONFLICT, "what listens there is not an NBD server", "check address and port");
      return;
    }
    long magic = in.readLong();
    int offered = in.readUnsignedShort();
    if (magic != Nbd.OPTION_MAGIC || (offered & Nbd.FLAG_FIXED_NEWSTYLE) == 0) {
      fail(ErrorCode.CONFLICT, "the server speaks an outdated form of the protocol", "use a server that speaks fixed newstyle");
      return;
    }
    noZeroes = (offered & Nbd.FLAG_NO_ZEROES) != 0;
    ByteBuf flagsOut = ctx.alloc().buffer(4);
    flagsOut.writeInt(Nbd.FLAG_FIXED_NEWSTYLE | (noZeroes ? Nbd.FLAG_NO_ZEROES : 0));
    ctx.write(flagsOut);
    if (options.tls() != null) ask(ctx, Nbd.OPT_STARTTLS, ctx.alloc().buffer(0));
    else askStructured(ctx);
  }

  private void ask(ChannelHandlerContext ctx, int type, ByteBuf data) {
    option = type;
    state = State.REPLY;
    ByteBuf header = ctx.alloc().buffer(Nbd.OPTION_HEADER);
    header.writeLong(Nbd.OPTION_MAGIC).writeInt(type).writeInt(data.readableBytes());
    ctx.write(header);
    ctx.writeAndFlush(data);
  }

  private void askStructured(ChannelHandlerContext ctx) {
    ask(ctx, Nbd.OPT_STRUCTURED_REPLY, ctx.alloc().buffer(0));
  }

  private void askContext(ChannelHandlerContext ctx) {
    byte[] query = Nbd.BASE_ALLOCATION.getBytes(StandardCharsets.UTF_8);
    ByteBuf data = ctx.alloc().buffer(64).writeInt(name.length).writeBytes(name).writeInt(1).writeInt(query.length).writeBytes(query);
    ask(ctx, Nbd.OPT_SET_META_CONTEXT, data);
  }

  private void askGo(ChannelHandlerContext ctx) {
    ByteBuf data = ctx.alloc().buffer(64).writeInt(name.length).writeBytes(name).writeShort(1).writeShort(Nbd.INFO_BLOCK_SIZE);
    ask(ctx, Nbd.OPT_GO, data);
  }

  private void reply(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < Nbd.OPTION_REPLY_HEADER) return;
    int at = in.readerIndex();
    int length = in.getInt(at + 16);
    if (in.getLong(at) != Nbd.OPTION_REPLY_MAGIC || in.getInt(at + 8) != option) {
      nonsense("an answer to an option that was not sent");
    } else if (length < 0 || length > MAX_REPLY) {
      nonsense("an answer of " + Integer.toUnsignedString(length) + " bytes");
    } else if (++replies > MAX_REPLIES) {
      nonsense("answers without end");
    } else if (in.readableBytes() < Nbd.OPTION_REPLY_HEADER + length) {
      replies--;
    } else {
      int type = in.getInt(at + 12);
      in.skipBytes(Nbd.OPTION_REPLY_HEADER);
      ByteBuf data = in.readSlice(length);
      if (type < 0) refused(ctx, type, data.toString(StandardCharsets.UTF_8));
      else if (type == Nbd.REP_ACK) acked(ctx, in);
      else if (type == Nbd.REP_INFO && option == Nbd.OPT_GO) info(data);
      else if (type == Nbd.REP_META_CONTEXT && option == Nbd.OPT_SET_META_CONTEXT) metaContext(data);
      else nonsense("an answer of type " + type + " to option " + option);
    }
  }

  private void acked(ChannelHandlerContext ctx, ByteBuf in) {
    switch (option) {
      case Nbd.OPT_STARTTLS -> {
        if (in.isReadable()) {
          nonsense("something in the clear after TLS was agreed on");
          return;
        }
        state = State.TLS;
        ctx.pipeline().addFirst("tls",
            TlsTasks.client(options.tls(), options.serverName(), options.connectTimeout().toMillis()));
      }
      case Nbd.OPT_STRUCTURED_REPLY -> {
        structured = true;
        askContext(ctx);
      }
      case Nbd.OPT_SET_META_CONTEXT -> askGo(ctx);
      default -> {
        if (size < 0) nonsense("an export without a size");
        else open();
      }
    }
  }

  private void refused(ChannelHandlerContext ctx, int type, String text) {
    switch (option) {
      case Nbd.OPT_STRUCTURED_REPLY -> {
        if (type == Nbd.REP_ERR_TLS_REQD) refusedExport(type, text);
        else askGo(ctx);
      }
      case Nbd.OPT_SET_META_CONTEXT -> {
        context = -1;
        askGo(ctx);
      }
      case Nbd.OPT_STARTTLS -> fail(ErrorCode.CONFLICT, "the server offers no TLS" + quoted(text), "configure TLS on the server");
      default -> {
        if (type == Nbd.REP_ERR_UNSUP) {
          askExportName(ctx);
        } else {
          refusedExport(type, text);
        }
      }
    }
  }

  private void askExportName(ChannelHandlerContext ctx) {
    ask(ctx, Nbd.OPT_EXPORT_NAME, ctx.alloc().buffer(name.length).writeBytes(name));
    state = State.EXPORT_NAME;
  }

  private void refusedExport(int type, String text) {
    switch (type) {
      case Nbd.REP_ERR_UNKNOWN -> fail(ErrorCode.NOT_FOUND, "the server has no such export for us" + quoted(text),
          "check the export's name and that this host has a grant for it");
      case Nbd.REP_ERR_TLS_REQD -> fail(ErrorCode.UNAUTHENTICATED, "the server speaks to nobody without TLS", "use nbds:");
      case Nbd.REP_ERR_POLICY -> fail(ErrorCode.FORBIDDEN, "the server refuses" + quoted(text), "see the server's log");
      case Nbd.REP_ERR_SHUTDOWN -> fail(ErrorCode.UNAVAILABLE, "the server is shutting down", "try again later");
      default -> fail(ErrorCode.UNAVAILABLE, "the server refuses with error " + (type & Integer.MAX_VALUE) + quoted(text),
          "see the server's log");
    }
  }

  private static String quoted(String text) {
    String plain = Printable.of(text);
    return plain.isEmpty() ? "" : " (it says: " + plain + ")";
  }

  private void info(ByteBuf data) {
    int length = data.readableBytes();
    if (length < 2) {
      nonsense("information of no type");
      return;
    }
    int type = data.readUnsignedShort();
    if (type == Nbd.INFO_EXPORT) {
      if (length != 12) {
        nonsense("an export's description of " + length + " bytes");
        return;
      }
      size = data.readLong();
      flags = data.readUnsignedShort();
      if (size < 0) fail(ErrorCode.CONFLICT, "its size is larger than 8 EiB", "export a smaller disk");
    } else if (type == Nbd.INFO_BLOCK_SIZE) {
      if (length != 14) {
        nonsense("block sizes of " + length + " bytes");
        return;
      }
      minimum = data.readInt();
      preferred = data.readInt();
      maximum = data.readInt();
    }
  }

  private void metaContext(ByteBuf data) {
    if (data.readableBytes() < 4) {
      nonsense("a metadata context without a number");
      return;
    }
    int id = data.readInt();
    if (data.toString(StandardCharsets.UTF_8).equals(Nbd.BASE_ALLOCATION)) context = id;
  }

  private void exportName(ByteBuf in) {
    if (in.readableBytes() < 10 + (noZeroes ? 0 : 124)) return;
    size = in.readLong();
    flags = in.readUnsignedShort();
    if (!noZeroes) in.skipBytes(124);
    open();
  }

  private void open() {
    state = State.ENDED;
    opened.accept(new Offer(size, flags, minimum, preferred, maximum, structured, context));
  }

  private void nonsense(String what) {
    fail(ErrorCode.CONFLICT, "the server's answer makes no sense: " + what, "check that it is an NBD server");
  }

  private void fail(ErrorCode code, String why, String correction) {
    if (state == State.ENDED) return;
    state = State.ENDED;
    failed.because(code, why, correction);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent tls)) return;
    if (tls.isSuccess()) {
      if (state == State.TLS) askStructured(ctx);
    } else {
      fail(ErrorCode.UNAUTHENTICATED, "TLS failed: " + Addresses.reason(tls.cause()), "check both sides' certificates");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    // With TLS 1.3 a server refuses a client's certificate after the client thinks that all is well.
    String why = option == Nbd.OPT_EXPORT_NAME ? "the server has no such export for us"
        : options.tls() != null && replies <= 1 ? "the server closed the connection after TLS had begun; it may not accept our certificate"
        : "the server closed the connection while the export was being opened";
    fail(option == Nbd.OPT_EXPORT_NAME ? ErrorCode.NOT_FOUND : ErrorCode.UNAVAILABLE, why, "see the server's log");
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    boolean tls = state != State.GREETING && options.tls() != null;
    fail(tls ? ErrorCode.UNAUTHENTICATED : ErrorCode.UNAVAILABLE, Addresses.reason(cause),
        tls ? "check both sides' certificates" : "check that the server runs and can be reached");
  }
}
