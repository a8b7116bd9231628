package sluice.nbd.internal;

import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * TLS as Sluice wants it: 1.3 only, both sides proven. Signatures and certificate paths are checked on a small pool of
 * threads, so that a crowd of handshakes does not stop the loop that carries everyone's I/O; beyond 256 waiting
 * handshakes further ones fail.
 */
public final class TlsTasks {
  private static final String[] VERSIONS = {"TLSv1.3"};
  private static final Executor POOL = pool();

  static {
    WarmCipher.start();
  }

  private TlsTasks() {}

  private static Executor pool() {
    ThreadPoolExecutor pool = new ThreadPoolExecutor(
        2, 2, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(256), new DefaultThreadFactory("nbd-tls", true));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  public static SslHandler server(SSLContext context, long timeoutMillis) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(VERSIONS);
    engine.setNeedClientAuth(true);
    return handler(engine, timeoutMillis);
  }

  /** @param certificateName what the server's certificate must bear; null to leave it to the trust manager */
  public static SslHandler client(SSLContext context, String certificateName, long timeoutMillis) {
    SSLEngine engine = certificateName == null ? context.createSSLEngine() : context.createSSLEngine(certificateName, -1);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(VERSIONS);
    if (certificateName != null) {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(parameters);
    }
    return handler(engine, timeoutMillis);
  }

  private static SslHandler handler(SSLEngine engine, long timeoutMillis) {
    SslHandler handler = new SslHandler(engine, POOL);
    handler.setHandshakeTimeoutMillis(timeoutMillis);
    return handler;
  }
}
