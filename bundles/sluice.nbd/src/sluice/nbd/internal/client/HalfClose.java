package sluice.nbd.internal.client;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** Tells the peer that nothing more will come, and leaves the socket open to see the peer close it. */
final class HalfClose {
  private HalfClose() {}

  static void shutDown(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls != null) tls.engine().closeOutbound();
    if (channel instanceof DuplexChannel duplex) duplex.shutdownOutput();
    else channel.close();
  }
}
