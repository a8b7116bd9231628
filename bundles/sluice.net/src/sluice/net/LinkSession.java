package sluice.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import sluice.net.pki.Identity;
import sluice.protocol.Problems;
import sluice.protocol.v1.Hello;
import sluice.protocol.v1.ToClient;
import sluice.protocol.v1.ToServer;

/** One connection of a link: TLS, Hello, Welcome, then messages up and one reason at the end. */
final class LinkSession extends SimpleChannelInboundHandler<ToClient> {
  private final ControlLink link;
  private final Hello hello;
  private final Frames.Decoder<ToClient> decoder = new Frames.Decoder<>(ToClient.parser());
  private Channel channel;
  private boolean proven;
  private boolean welcomed;

  LinkSession(ControlLink link, Hello hello) {
    this.link = link;
    this.hello = hello;
  }

  void install(SocketChannel ch, Identity identity) {
    channel = ch;
    // The link's own deadline covers the handshake as well; this one only keeps Netty's default from being shorter.
    long handshakeMillis = LinkStateMachine.GREETING_NANOS / 1_000_000;
    ch.pipeline().addLast(Tls.client(identity, handshakeMillis)).addLast(decoder).addLast(new Frames.Encoder()).addLast(this);
  }

  Channel channel() {
    return channel;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        proven = true;
        ctx.writeAndFlush(ToServer.newBuilder().setHello(hello).build());
      } else {
        link.ended(this, Reasons.of(done.cause()));
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ToClient message) {
    if (welcomed) {
      link.received(this, message);
      return;
    }
    switch (message.getBodyCase()) {
      case WELCOME -> {
        welcomed = true;
        decoder.welcomed();
        link.welcomed(this, message.getWelcome());
      }
      case REFUSED -> link.refused(this, Problems.exception(message.getRefused().getProblem()));
      default -> link.ended(this, "the server sent a " + message.getBodyCase() + " before its Welcome");
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    link.ended(this, proven ? "the server closed the connection" : "the connection was closed during the TLS handshake");
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    link.ended(this, Reasons.of(cause));
  }
}
