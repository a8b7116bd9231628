package sluice.nbd;

import java.net.SocketAddress;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/**
 * Where an {@link NbdClient} connects, and how.
 *
 * @param address an InetSocketAddress, or a Unix socket's address
 * @param exportName at most 4096 bytes of UTF-8; empty for the default export
 * @param tls null for no TLS; otherwise TLS 1.3 is required and there is no falling back (NBD protocol,
 *     "Protocol downgrade attacks")
 * @param serverName the name that the server's certificate must bear; null if the context's trust manager decides by
 *     itself, as Sluice's own does, which knows peers by identity rather than by address
 * @param readOnly changes are refused here already
 * @param connectTimeout until the device is open, all steps together
 * @param keepAlive TCP keep-alive probes with the system's intervals; they can end reads, never changes
 * @param maxRequests sent and not answered; more wait in a queue
 */
public record ClientOptions(SocketAddress address, String exportName, SSLContext tls, String serverName,
    boolean readOnly, Duration connectTimeout, boolean keepAlive, int maxRequests) {
  /** Bound of {@link #maxRequests}. */
  public static final int MAX_REQUESTS = 1024;

  public ClientOptions {
    if (connectTimeout.isNegative() || connectTimeout.isZero()) throw new IllegalArgumentException("connectTimeout");
    if (maxRequests < 1 || maxRequests > MAX_REQUESTS) throw new IllegalArgumentException("maxRequests " + maxRequests);
  }

  /** No TLS, read and write, 10 s to connect, keep-alive, 128 requests. */
  public static ClientOptions to(SocketAddress address, String exportName) {
    return new ClientOptions(address, exportName, null, null, false, Duration.ofSeconds(10), true, 128);
  }

  public ClientOptions withTls(SSLContext context, String certificateName) {
    return new ClientOptions(address, exportName, context, certificateName, readOnly, connectTimeout, keepAlive, maxRequests);
  }

  public ClientOptions withReadOnly(boolean value) {
    return new ClientOptions(address, exportName, tls, serverName, value, connectTimeout, keepAlive, maxRequests);
  }

  public ClientOptions withConnectTimeout(Duration value) {
    return new ClientOptions(address, exportName, tls, serverName, readOnly, value, keepAlive, maxRequests);
  }

  public ClientOptions withKeepAlive(boolean value) {
    return new ClientOptions(address, exportName, tls, serverName, readOnly, connectTimeout, value, maxRequests);
  }

  public ClientOptions withMaxRequests(int value) {
    return new ClientOptions(address, exportName, tls, serverName, readOnly, connectTimeout, keepAlive, value);
  }
}
