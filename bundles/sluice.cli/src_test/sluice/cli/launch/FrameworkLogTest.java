package sluice.cli.launch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameworkLogTest {
  @TempDir Path dir;

  @Test
  void itKeepsWhatWasSaidAndBeginsAnewWhenThereIsTooMuch() throws IOException {
    FrameworkLog log = new FrameworkLog(dir);
    Path file = dir.resolve("log").resolve("framework.log");
    log.write(Instant.EPOCH, "WARN", "x", "one", null);
    log.write(Instant.EPOCH, "ERROR", "x", "two", new IllegalStateException("why"));
    assertTrue(Files.readString(file).contains("x: one") && Files.readString(file).contains("why"));
    Files.write(file, new byte[(int) FrameworkLog.MOST_BYTES + 1]);
    log.write(Instant.EPOCH, "WARN", "x", "three", null);
    assertEquals("1970-01-01T00:00:00Z WARN x: three\n", Files.readString(file));
  }

  @Test
  void whatCannotBeWrittenIsLeftOut() throws IOException {
    Files.writeString(dir.resolve("log"), "no folder");
    assertDoesNotThrow(() -> new FrameworkLog(dir).write(Instant.EPOCH, "ERROR", "x", "lost", null));
  }
}
