package sluice.nbd.internal.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import sluice.nbd.internal.Addresses;

/**
 * Between the channel and its session: bytes, and who it was that ended the connection.
 *
 * <p>An end of stream, ECONNRESET and EPIPE are the peer's word: its system says that the socket is closed there. Any
 * other error (a time-out of retransmissions or keep-alive, no route, TLS records that are not genuine) is not.
 */
final class ClientHandler extends ChannelInboundHandlerAdapter {
  private final ClientSession session;
  private boolean peersWord = true;

  ClientHandler(ClientSession session) {
    this.session = session;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      session.received(in);
    } finally {
      in.release();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // What was still to be written when the channel closed; why it closed is said elsewhere.
    if (cause instanceof ClosedChannelException || isPeersWord(cause)) return;
    peersWord = false;
    session.failed(Addresses.reason(cause));
    ctx.close();
  }

  static boolean isPeersWord(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof Errors.NativeIoException io) {
        return io.expectedErr() == Errors.ERRNO_ECONNRESET_NEGATIVE || io.expectedErr() == Errors.ERRNO_EPIPE_NEGATIVE;
      }
    }
    return cause instanceof IOException && String.valueOf(cause.getMessage()).contains("Connection reset");
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    session.inactive(peersWord);
  }
}
