package sluice.telemetry.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import sluice.api.SluiceException;

class LogSetupTest {
  @TempDir Path dir;

  @AfterEach
  void letGoOfTheFiles() {
    System.clearProperty(LogSetup.FORMAT);
    ((ch.qos.logback.classic.LoggerContext) LoggerFactory.getILoggerFactory()).reset();
  }

  @Test
  void anEventIsOneLineWithItsIdsAndOnlyWarningsReachTheConsole() throws IOException {
    PrintStream before = System.err;
    ByteArrayOutputStream console = new ByteArrayOutputStream();
    System.setErr(new PrintStream(console, true, StandardCharsets.UTF_8));
    try {
      assertTrue(LogSetup.apply(dir, "agent"));
      Logger log = LoggerFactory.getLogger("sluice.agent.Router");
      try (MDC.MDCCloseable volume = MDC.putCloseable("volume", "db1")) {
        log.info("first\nsecond");
      }
      log.warn("careful", new IllegalStateException("deep"));
      LoggerFactory.getLogger("org.apache.ratis.server").info("chatter");
      LoggerFactory.getLogger("io.netty.buffer").info("chatter");
    } finally {
      System.setErr(before);
    }
    List<String> lines = Files.readAllLines(dir.resolve("log/agent.log"));
    assertTrue(lines.get(0).matches("\\d{4}-.*T.* INFO  sluice.agent.Router \\[.*\\] first \\| second \\{volume=db1\\}"), lines.get(0));
    assertTrue(lines.get(1).contains("WARN  sluice.agent.Router"), lines.get(1));
    assertTrue(lines.get(2).contains("IllegalStateException: deep"), lines.get(2));
    assertFalse(String.join("", lines).contains("chatter"));
    String shown = console.toString(StandardCharsets.UTF_8);
    assertTrue(shown.matches("\\d\\d:\\d\\d:\\d\\d WARN  careful\\R"), shown);
    assertFalse(Files.exists(dir.resolve("log/agent.json.log")));
  }

  @Test
  void theJsonFormatIsOneObjectALine() throws IOException {
    System.setProperty(LogSetup.FORMAT, "json");
    assertTrue(LogSetup.apply(dir, "server"));
    LoggerFactory.getLogger("sluice.server").info("host {} joined \"x\"", "h1");
    List<String> lines = Files.readAllLines(dir.resolve("log/server.json.log"));
    assertEquals(1, lines.size());
    assertTrue(lines.get(0).startsWith("{") && lines.get(0).endsWith("}"), lines.get(0));
    assertTrue(lines.get(0).contains("\"formattedMessage\":\"host h1 joined \\\"x\\\"\""), lines.get(0));
    assertFalse(Files.exists(dir.resolve("log/server.log")));
  }

  @Test
  void anUnknownFormatIsRefused() {
    System.setProperty(LogSetup.FORMAT, "xml");
    assertThrows(SluiceException.class, () -> LogSetup.apply(dir, "server"));
  }
}
