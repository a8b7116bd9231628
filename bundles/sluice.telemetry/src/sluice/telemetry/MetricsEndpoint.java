package sluice.telemetry;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Gives metrics and health over HTTP on a loopback address, to callers that show the token of
 * {@code DIR/metrics.token}: {@code /metrics} in the Prometheus text format, {@code /health} as JSON with status 200
 * or 503. Without the token the answer is 401, whatever was asked for.
 *
 * <p>Bounded: one request a connection, {@link #MAX_CONNECTIONS} at once (a further one is closed), a head of
 * {@link HttpHead#LIMIT} bytes, and five seconds for all of the request to come.
 */
public final class MetricsEndpoint implements AutoCloseable {
  /** The token's file in the program's directory. */
  public static final String TOKEN = "metrics.token";

  static final int MAX_CONNECTIONS = 8;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final long PAUSE_NANOS = 100_000_000;
  private static final Logger LOG = LoggerFactory.getLogger(MetricsEndpoint.class);

  private final Metrics metrics;
  private final HealthSource health;
  private final AccessToken token;
  private final ServerSocket listener;
  private final long deadlineNanos;
  private final ThreadPoolExecutor pool = new ThreadPoolExecutor(0, MAX_CONNECTIONS, 10, TimeUnit.SECONDS,
      new SynchronousQueue<>(), r -> daemon(r, "metrics"));

  private MetricsEndpoint(
      Metrics metrics, HealthSource health, AccessToken token, ServerSocket listener, Duration deadline) {
    this.metrics = metrics;
    this.health = health;
    this.token = token;
    this.listener = listener;
    this.deadlineNanos = deadline.toNanos();
  }

  /**
   * @param dir where the token is, or is made
   * @param address loopback; port 0 for a free one
   * @throws SluiceException INVALID_ARGUMENT for an address others can reach; CONFLICT if the port is taken; IO if it
   *     cannot be listened on for another reason, or the token cannot be read or made
   */
  public static MetricsEndpoint open(Path dir, InetSocketAddress address, Metrics metrics, HealthSource health) {
    return open(dir, address, metrics, health, DEADLINE);
  }

  static MetricsEndpoint open(
      Path dir, InetSocketAddress address, Metrics metrics, HealthSource health, Duration deadline) {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "cannot give metrics on " + address,
          "metrics are given without encryption, so only on a loopback address", "use 127.0.0.1 or [::1]");
    }
    AccessToken token = AccessToken.at(dir.resolve(TOKEN));
    try {
      ServerSocket listener = new ServerSocket();
      listener.bind(address, 16);
      MetricsEndpoint endpoint = new MetricsEndpoint(metrics, health, token, listener, deadline);
      daemon(endpoint::accept, "metrics-accept").start();
      return endpoint;
    } catch (BindException e) {
      String at = address.getHostString() + ":" + address.getPort();
      throw new SluiceException(e, ErrorCode.CONFLICT, "cannot give metrics on " + at, String.valueOf(e.getMessage()),
          "another program has this port, or the address is not this machine's: give another with --metrics", List.of(at));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "cannot give metrics on " + address, String.valueOf(e.getMessage()),
          "give another port", List.of(address.toString()));
    }
  }

  private static Thread daemon(Runnable r, String name) {
    Thread t = new Thread(r, name);
    t.setDaemon(true);
    return t;
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket s = listener.accept();
        try {
          pool.execute(() -> serve(s));
        } catch (RejectedExecutionException full) {
          s.close();
        }
      } catch (IOException e) {
        if (listener.isClosed()) return;
        LOG.warn("metrics: a connection was not taken: {}", e.toString());
        // most likely there are no more file descriptors: not to burn a core until there are
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.getOutputStream().write(answer(readHead(socket)));
      socket.shutdownOutput();
    } catch (IOException e) {
      LOG.debug("metrics: a caller was dropped: {}", e.toString());
    }
  }

  /** @return null if the request is none, or too long */
  private HttpHead readHead(Socket socket) throws IOException {
    long end = System.nanoTime() + deadlineNanos;
    byte[] head = new byte[HttpHead.LIMIT];
    int length = 0;
    InputStream in = socket.getInputStream();
    while (length < head.length) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) throw new SocketTimeoutException("the request did not come in time");
      socket.setSoTimeout((int) left);
      int n = in.read(head, length, head.length - length);
      if (n < 0) return null;
      length += n;
      int headEnd = HttpHead.end(head, length);
      if (headEnd >= 0) return HttpHead.parse(head, headEnd);
    }
    return null;
  }

  private byte[] answer(HttpHead head) {
    if (head == null) return response("400 Bad Request", "text/plain", "not a request that this understands\n", "");
    if (!token.admits(head.authorization())) {
      return response("401 Unauthorized", "text/plain", "show the token\n", "WWW-Authenticate: Bearer\r\n");
    }
    if (!head.method().equals("GET")) {
      return response("405 Method Not Allowed", "text/plain", "GET only\n", "Allow: GET\r\n");
    }
    switch (head.path()) {
      case "/metrics":
        return response("200 OK", PrometheusText.CONTENT_TYPE, metrics.text(), "");
      case "/health":
        List<HealthCheck> checks = checks();
        String status = HealthJson.healthy(checks) ? "200 OK" : "503 Service Unavailable";
        return response(status, "application/json", HealthJson.write(checks), "");
      default:
        return response("404 Not Found", "text/plain", "there are /metrics and /health\n", "");
    }
  }

  private List<HealthCheck> checks() {
    try {
      return List.copyOf(health.checks());
    } catch (RuntimeException e) {
      LOG.error("metrics: health could not be told", e);
      return List.of(new HealthCheck("health", false, "the program could not tell how it is; see its log"));
    }
  }

  private static byte[] response(String status, String type, String body, String extra) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + content.length
        + "\r\nCache-Control: no-store\r\nConnection: close\r\n" + extra + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, all, head.length, content.length);
    return all;
  }

  /** Stops listening at once; an answer that is under way may still go out. */
  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      LOG.warn("metrics: {}", e.toString());
    }
    pool.shutdown();
  }
}
