package sluice.net;

import io.netty.handler.ssl.SslHandler;
import javax.net.ssl.SSLEngine;
import sluice.net.pki.Identity;

/** TLS 1.3 by the JDK, as both sides of the control protocol use it. */
final class Tls {
  private static final String[] ONLY = {"TLSv1.3"};

  private Tls() {}

  /** Asks for a certificate and goes on without: somebody who joins has none, and may do nothing else. */
  static SslHandler server(Identity identity, long handshakeMillis) {
    SSLEngine engine = engine(identity);
    engine.setUseClientMode(false);
    engine.setWantClientAuth(true);
    return handler(engine, handshakeMillis);
  }

  static SslHandler client(Identity identity, long handshakeMillis) {
    SSLEngine engine = engine(identity);
    engine.setUseClientMode(true);
    return handler(engine, handshakeMillis);
  }

  private static SSLEngine engine(Identity identity) {
    // Without a peer's name the JDK resumes no session: each connection proves who it is anew.
    SSLEngine engine = identity.sslContext().createSSLEngine();
    engine.setEnabledProtocols(ONLY);
    return engine;
  }

  private static SslHandler handler(SSLEngine engine, long handshakeMillis) {
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    handler.setCloseNotifyFlushTimeoutMillis(1000);
    return handler;
  }
}
