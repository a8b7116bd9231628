package sluice.cli.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What logging is like until the composition sets it up (bundle sluice.telemetry): logback, left alone, would print
 * everything down to DEBUG, with stack traces. Libraries look for such things in system properties only.
 */
public final class StartLogging {
  /** Framework and system property: {@code text} or {@code json}. */
  public static final String FORMAT = "sluice.log.format";

  private static final String QUIET = """
      <configuration>
        <appender name="err" class="ch.qos.logback.core.ConsoleAppender">
          <target>System.err</target>
          <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{20}: %msg%nopex%n</pattern></encoder>
        </appender>
        <root level="WARN"><appender-ref ref="err"/></root>
      </configuration>
      """;

  /** SpiFly speaks to people of every service it finds. Kept, since loggers that nobody holds forget their level. */
  private static final Logger SPIFLY = Logger.getLogger("org.apache.aries.spifly");

  private StartLogging() {}

  static void prepare(Path storage, Map<String, String> settings) {
    SPIFLY.setLevel(Level.WARNING);
    try {
      Files.createDirectories(storage);
      Path file = storage.resolve("logback-start.xml");
      Files.writeString(file, QUIET);
      System.setProperty("logback.configurationFile", file.toString());
      System.setProperty(FORMAT, settings.getOrDefault(FORMAT, "text"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
