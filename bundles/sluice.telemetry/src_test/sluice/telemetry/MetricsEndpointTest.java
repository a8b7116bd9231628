package sluice.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class MetricsEndpointTest {
  @TempDir Path dir;
  private final Metrics metrics = new Metrics();
  private volatile List<HealthCheck> checks = List.of(new HealthCheck("catalog", true, "well"));
  private MetricsEndpoint endpoint;

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  @BeforeEach
  void open() {
    endpoint = MetricsEndpoint.open(dir, loopback(), metrics, () -> checks);
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  private String token() throws IOException {
    return Files.readString(dir.resolve("metrics.token")).trim();
  }

  private String ask(String request) throws IOException {
    try (Socket s = new Socket(endpoint.address().getAddress(), endpoint.address().getPort())) {
      s.setSoTimeout(60_000);
      s.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(s.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String get(String path, String token) throws IOException {
    return ask("GET " + path + " HTTP/1.1\r\nHost: x\r\nauthorization: Bearer " + token + "\r\n\r\n");
  }

  private static String status(String answer) {
    return answer.substring(9, 12);
  }

  @Test
  void metricsComeToWhoShowsTheToken() throws IOException {
    metrics.counter("c_total", "C.").add(3);
    String answer = get("/metrics?x=1", token());
    assertEquals("200", status(answer));
    assertTrue(answer.contains("Content-Type: text/plain; version=0.0.4"), answer);
    assertTrue(answer.endsWith("\r\n\r\n# HELP c_total C.\n# TYPE c_total counter\nc_total 3\n"), answer);
  }

  @Test
  void withoutTheTokenTheAnswerIsTheSameWhateverWasAskedFor() throws IOException {
    String refused = get("/metrics", "0".repeat(64));
    assertEquals("401", status(refused));
    assertEquals(refused, get("/health", token().substring(1)));
    assertEquals(refused, get("/nothing", ""));
    assertEquals(refused, ask("GET /metrics HTTP/1.1\r\n\r\n"));
    assertEquals(refused, ask("DELETE /metrics HTTP/1.1\r\nAuthorization: Basic " + token() + "\r\n\r\n"));
  }

  @Test
  void healthIs200OnlyIfAllIsWell() throws IOException {
    String well = get("/health", token());
    assertEquals("200", status(well));
    assertTrue(well.endsWith("{\"healthy\":true,\"checks\":[{\"name\":\"catalog\",\"good\":true,\"text\":\"well\"}]}\n"), well);
    checks = List.of(new HealthCheck("a", true, ""), new HealthCheck("b", false, "disk \"d1\"\tgone\u0001"));
    String bad = get("/health", token());
    assertEquals("503", status(bad));
    assertTrue(bad.contains("\"text\":\"disk \\\"d1\\\"\\u0009gone\\u0001\""), bad);
  }

  @Test
  void healthThatCannotBeToldIsBad() throws IOException {
    checks = null;
    assertEquals("503", status(get("/health", token())));
  }

  @Test
  void otherPathsAndMethodsAreRefusedAfterTheToken() throws IOException {
    assertEquals("404", status(get("/", token())));
    String post = ask("POST /metrics HTTP/1.1\r\nAuthorization: Bearer " + token() + "\r\n\r\n");
    assertEquals("405", status(post));
  }

  @Test
  void garbageAndTwoTokensAndTooLongHeadsAreNoRequests() throws IOException {
    assertEquals("400", status(ask("hello\r\n\r\n")));
    assertEquals("400", status(ask("GET /metrics SPDY/3\r\n\r\n")));
    assertEquals("400", status(ask("GET /metrics HTTP/1.1\r\nno colon\r\n\r\n")));
    String two = "Authorization: Bearer " + token() + "\r\n";
    assertEquals("400", status(ask("GET /metrics HTTP/1.1\r\n" + two + two + "\r\n")));
    assertEquals("400", status(ask("GET /" + "x".repeat(HttpHead.LIMIT - 5))));
  }

  @Test
  void aCallerThatSendsTooSlowlyIsDropped() throws IOException {
    endpoint.close();
    endpoint = MetricsEndpoint.open(dir, loopback(), metrics, () -> checks, Duration.ofMillis(50));
    assertEquals("", ask("GET /metrics HTTP/1.1\r\n"));
  }

  @Test
  void callersBeyondTheBoundAreClosedAndTheNextOneIsServed() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < MetricsEndpoint.MAX_CONNECTIONS + 1; i++) {
        Socket s = new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
        s.setSoTimeout(60_000);
        idle.add(s);
      }
      assertEquals(-1, idle.get(MetricsEndpoint.MAX_CONNECTIONS).getInputStream().read());
    } finally {
      for (Socket s : idle) s.close();
    }
    String answer = "";
    for (int i = 0; i < 1000 && answer.isEmpty(); i++) answer = tryGet();
    assertEquals("200", status(answer));
  }

  /** The places of those who left become free a moment later. */
  private String tryGet() {
    try {
      return get("/health", token());
    } catch (IOException reset) {
      return "";
    }
  }

  @Test
  void theTokenIsForTheOwnerOnlyAndStaysOverARestart() throws IOException {
    Path file = dir.resolve("metrics.token");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String before = token();
    endpoint.close();
    open();
    assertEquals(before, token());
    assertEquals("200", status(get("/health", before)));
  }

  @Test
  void aTokenThatOthersCouldReadIsReplaced() throws IOException {
    String before = token();
    endpoint.close();
    Files.setPosixFilePermissions(dir.resolve("metrics.token"), PosixFilePermissions.fromString("rw-r--r--"));
    open();
    assertNotEquals(before, token());
    assertEquals("401", status(get("/health", before)));
  }

  @Test
  void aTokenFileWithSomethingElseIsReplaced() throws IOException {
    endpoint.close();
    Files.writeString(dir.resolve("metrics.token"), "");
    open();
    assertEquals(64, token().length());
    assertEquals("401", status(get("/health", "")));
  }

  @Test
  void anAddressThatOthersCanReachIsRefused() {
    SluiceException e = assertThrows(SluiceException.class,
        () -> MetricsEndpoint.open(dir, new InetSocketAddress("0.0.0.0", 0), metrics, () -> checks));
    assertEquals(ErrorCode.INVALID_ARGUMENT, e.code());
  }

  @Test
  void aPortThatIsTakenIsSaid() {
    SluiceException e = assertThrows(SluiceException.class,
        () -> MetricsEndpoint.open(dir, endpoint.address(), metrics, () -> checks));
    assertEquals(ErrorCode.CONFLICT, e.code());
  }
}
