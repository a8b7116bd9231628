package sluice.nbd.internal.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.nbd.ExportDirectory;
import sluice.nbd.Peer;
import sluice.nbd.ServerOptions;
import sluice.nbd.internal.Addresses;
import sluice.nbd.internal.Nbd;
import sluice.nbd.internal.TlsTasks;

/**
 * Haggling, the transport side ("Fixed newstyle negotiation", "TLS support"): cuts the stream into options, keeps the
 * deadline and the limits, starts TLS. What options mean is {@link Options}' part.
 */
final class Negotiation extends ByteToMessageDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(Negotiation.class);
  /** Longer option data are thrown away and refused. */
  static final int MAX_OPTION = 64 << 10;
  /** Option data beyond this are not even thrown away. */
  static final int MAX_SKIPPED = 16 << 20;
  /** More options than any client needs. */
  static final int MAX_OPTIONS = 256;

  private enum State { CLIENT_FLAGS, HEADER, DATA, SKIP, WAITING, ENDED }

  private final ServerConnection connection;
  private final ServerOptions settings;
  private final ExportDirectory exports;
  private final StrangerLog strangers;
  private final Options options;
  private State state = State.CLIENT_FLAGS;
  private boolean secure;
  private int option;
  private int length;
  private int seen;
  private Future<?> deadline;

  Negotiation(ServerConnection connection, ServerOptions settings, ExportDirectory exports, StrangerLog strangers, Options.Opener opener) {
    this.connection = connection;
    this.settings = settings;
    this.exports = exports;
    this.strangers = strangers;
    this.options = new Options(connection, exports, opener);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    long millis = settings.handshakeTimeout().toMillis();
    deadline = ctx.executor().schedule(() -> cut(ctx, "it did not finish the handshake in " + millis + " ms"), millis, TimeUnit.MILLISECONDS);
    ByteBuf out = ctx.alloc().buffer(18);
    OptionReplies.greeting(out);
    ctx.writeAndFlush(out);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    switch (state) {
      case CLIENT_FLAGS -> clientFlags(ctx, in);
      case HEADER -> header(ctx, in);
      case DATA -> data(ctx, in);
      case SKIP -> skip(ctx, in);
      case WAITING -> { }
      case ENDED -> in.skipBytes(in.readableBytes());
    }
  }

  private void clientFlags(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < 4) return;
    int flags = in.readInt();
    if ((flags & ~(Nbd.FLAG_FIXED_NEWSTYLE | Nbd.FLAG_NO_ZEROES)) != 0 || (flags & Nbd.FLAG_FIXED_NEWSTYLE) == 0) {
      cut(ctx, "it does not speak fixed newstyle (client flags " + flags + ")");
      return;
    }
    options.noZeroes((flags & Nbd.FLAG_NO_ZEROES) != 0);
    state = State.HEADER;
  }

  private void header(ChannelHandlerContext ctx, ByteBuf in) {
    if (in.readableBytes() < Nbd.OPTION_HEADER) return;
    if (in.readLong() != Nbd.OPTION_MAGIC) {
      cut(ctx, "an option does not begin with the magic number");
      return;
    }
    option = in.readInt();
    length = in.readInt();
    if (length < 0 || length > MAX_SKIPPED) cut(ctx, "an option is " + Integer.toUnsignedLong(length) + " bytes long");
    else if (++seen > MAX_OPTIONS) cut(ctx, "it sent more than " + MAX_OPTIONS + " options");
    else if (!ctx.channel().isWritable()) cut(ctx, "it does not fetch the answers to its options");
    else if (length > MAX_OPTION) state = State.SKIP;
    else data(ctx, in);
  }

  private void skip(ChannelHandlerContext ctx, ByteBuf in) {
    int n = Math.min(length, in.readableBytes());
    in.skipBytes(n);
    length -= n;
    if (length > 0) return;
    state = State.HEADER;
    if (option == Nbd.OPT_EXPORT_NAME) cut(ctx, "an export's name is too long");
    else refuse(ctx, Nbd.REP_ERR_TOO_BIG, "the option's data are larger than " + MAX_OPTION + " bytes");
  }

  /** Called at once for each option, since the decoder does not come back for data of no length. */
  private void data(ChannelHandlerContext ctx, ByteBuf in) {
    state = State.DATA;
    if (in.readableBytes() < length) return;
    byte[] data = new byte[length];
    in.readBytes(data);
    state = State.HEADER;
    if (option == Nbd.OPT_ABORT) {
      // "NBD_OPT_ABORT": the server should say ACK; a client need not wait for it.
      reply(ctx, out -> OptionReplies.ack(out, option));
      end(ctx);
    } else if (option == Nbd.OPT_STARTTLS) {
      startTls(ctx, in, data);
    } else if (settings.tls() != null && !secure) {
      // FORCEDTLS mode: nothing else is answered, not even whether there is such an option.
      if (option == Nbd.OPT_EXPORT_NAME) cut(ctx, "it asked for an export without TLS");
      else refuse(ctx, Nbd.REP_ERR_TLS_REQD, "this server speaks to nobody without TLS");
    } else {
      pass(ctx, data);
    }
  }

  private void startTls(ChannelHandlerContext ctx, ByteBuf in, byte[] data) {
    if (data.length != 0 || secure) {
      refuse(ctx, Nbd.REP_ERR_INVALID, secure ? "TLS has been started already" : "STARTTLS takes no data");
    } else if (settings.tls() == null) {
      refuse(ctx, Nbd.REP_ERR_POLICY, "this server is for local clients and has no TLS");
    } else if (in.isReadable()) {
      // What came in the clear behind STARTTLS must not be taken for what the proven peer says.
      cut(ctx, "it sent something between STARTTLS and its answer");
    } else {
      reply(ctx, out -> OptionReplies.ack(out, option));
      options.forget();
      secure = true;
      state = State.WAITING;
      ctx.pipeline().addFirst("tls", TlsTasks.server(settings.tls().get(), settings.handshakeTimeout().toMillis()));
    }
  }

  private void pass(ChannelHandlerContext ctx, byte[] data) {
    state = State.WAITING;
    ctx.channel().config().setAutoRead(false);
    int answering = option;
    // Answers may come at once, while decode() is at work, or later.
    options.take(answering, data, ctx.alloc(), answer -> {
      if (state != State.WAITING) {
        if (answer.out() != null) answer.out().release();
        return;
      }
      if (answer.out() != null) ctx.writeAndFlush(answer.out(), ctx.voidPromise());
      if (answer.cut() != null) {
        cut(ctx, answer.cut());
        return;
      }
      ctx.channel().config().setAutoRead(true);
      if (answer.begun() == null) {
        state = State.HEADER;
        wake(ctx);
      } else {
        state = State.ENDED;
        deadline.cancel(false);
        ctx.pipeline().replace(this, "transmission", answer.begun());
      }
    });
  }

  /** Has what was received meanwhile decoded; does nothing more if decode() is at work already. */
  private void wake(ChannelHandlerContext ctx) {
    ctx.executor().execute(() -> {
      if (!ctx.isRemoved()) {
        try {
          channelRead(ctx, Unpooled.EMPTY_BUFFER);
        } catch (Exception e) {
          exceptionCaught(ctx, e);
        }
      }
    });
  }

  private void refuse(ChannelHandlerContext ctx, int type, String text) {
    reply(ctx, out -> OptionReplies.error(out, option, type, text));
  }

  private void reply(ChannelHandlerContext ctx, Consumer<ByteBuf> writer) {
    ByteBuf out = ctx.alloc().buffer(128);
    writer.accept(out);
    ctx.writeAndFlush(out);
  }

  private void cut(ChannelHandlerContext ctx, String why) {
    if (state == State.ENDED) return;
    // Whoever reaches the port can cause this, as often as it likes.
    if (settings.tls() != null && !connection.proven()) strangers.tell(connection.peer() + ": " + why);
    else LOG.warn("connection {} of {} is cut off: {}", connection.id(), connection.peer(), why);
    end(ctx);
  }

  private void end(ChannelHandlerContext ctx) {
    state = State.ENDED;
    connection.ending();
    ctx.channel().close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent tls)) return;
    if (!tls.isSuccess()) {
      cut(ctx, "TLS failed: " + Addresses.reason(tls.cause()));
      return;
    }
    if (state != State.WAITING) return;
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (var c : ctx.pipeline().get(SslHandler.class).engine().getSession().getPeerCertificates()) {
        chain.add((X509Certificate) c);
      }
      admit(ctx, new Peer(chain, ctx.channel().remoteAddress()));
    } catch (SSLPeerUnverifiedException e) {
      cut(ctx, "it has shown no certificate");
    }
  }

  /** A certificate of this cluster may have been taken from its owner since: then not even options are heard. */
  private void admit(ChannelHandlerContext ctx, Peer peer) {
    ctx.channel().config().setAutoRead(false);
    exports.admit(peer, good -> {
      if (state != State.WAITING) return;
      if (!good) {
        cut(ctx, "it shows the certificate of " + peer + ", which is not good here");
        return;
      }
      connection.proven(peer);
      ctx.channel().config().setAutoRead(true);
      state = State.HEADER;
      wake(ctx);
    });
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    state = State.ENDED;
    if (deadline != null) deadline.cancel(false);
    super.channelInactive(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    cut(ctx, Addresses.reason(cause));
  }
}
