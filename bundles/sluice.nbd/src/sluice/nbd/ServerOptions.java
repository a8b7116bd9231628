package sluice.nbd;

import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * How an {@link NbdServer} behaves.
 *
 * @param tls asked for a context at each STARTTLS, so that renewed certificates take effect; null for no TLS at all
 *     (NOTLS mode, for Unix sockets and loopback). With it the server is in FORCEDTLS mode: TLS 1.3 only, a client
 *     certificate is required, and a peer that has not started TLS learns nothing
 * @param handshakeTimeout from accepting a connection to its transmission phase
 * @param maxConnections further ones are closed as soon as they are accepted
 * @param maxUnproven of those, with TLS, how many may not have proven yet who they are, and a quarter of them from one address
 * @param maxRequests under way for one connection; the server stops reading from it at the bound
 * @param maxPayloadBytes of buffers that one connection may hold, reads and writes together, from the request until the
 *     client has fetched the answer; the server stops reading at the bound. The last request that begins may exceed it.
 *     All connections of a loop share its {@link sluice.io.MemoryBudget} besides
 */
public record ServerOptions(Supplier<SSLContext> tls, Duration handshakeTimeout, int maxConnections, int maxUnproven,
    int maxRequests, long maxPayloadBytes) {
  public ServerOptions {
    if (handshakeTimeout.isNegative() || handshakeTimeout.isZero()) throw new IllegalArgumentException("handshakeTimeout");
    if (maxConnections < 1) throw new IllegalArgumentException("maxConnections " + maxConnections);
    if (maxUnproven < 1) throw new IllegalArgumentException("maxUnproven " + maxUnproven);
    if (maxRequests < 1) throw new IllegalArgumentException("maxRequests " + maxRequests);
    if (maxPayloadBytes < 1) throw new IllegalArgumentException("maxPayloadBytes " + maxPayloadBytes);
  }

  /** No TLS. */
  public static ServerOptions plain() {
    return new ServerOptions(null, Duration.ofSeconds(10), 1024, 1024, 256, 64L << 20);
  }

  /** TLS required, both ways. Room for some hundred hosts with a connection for each of their volumes, all coming back at once. */
  public static ServerOptions tls(Supplier<SSLContext> context) {
    return new ServerOptions(context, Duration.ofSeconds(10), 16_384, 2048, 256, 64L << 20);
  }

  public ServerOptions withHandshakeTimeout(Duration value) {
    return new ServerOptions(tls, value, maxConnections, maxUnproven, maxRequests, maxPayloadBytes);
  }

  public ServerOptions withMaxConnections(int value) {
    return new ServerOptions(tls, handshakeTimeout, value, maxUnproven, maxRequests, maxPayloadBytes);
  }

  public ServerOptions withMaxUnproven(int value) {
    return new ServerOptions(tls, handshakeTimeout, maxConnections, value, maxRequests, maxPayloadBytes);
  }

  /** @see ServerOptions */
  public ServerOptions withInFlight(int requests, long payloadBytes) {
    return new ServerOptions(tls, handshakeTimeout, maxConnections, maxUnproven, requests, payloadBytes);
  }
}
