package sluice.server.first;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunNumberTest {
  @TempDir Path dir;

  @Test
  void eachStartHasAGreaterNumberWhateverTheClockSays() {
    assertEquals(1000, RunNumber.next(dir, 1000));
    assertEquals(1001, RunNumber.next(dir, 1000));
    assertEquals(1002, RunNumber.next(dir, 5));
    assertEquals(2000, RunNumber.next(dir, 2000));
  }

  @Test
  void aFileThatIsLostOrDamagedIsMadeUpForByTheTime() throws IOException {
    long before = RunNumber.next(dir, 1000);
    Files.writeString(dir.resolve(RunNumber.FILE), "no number");
    assertTrue(RunNumber.next(dir, 1001) > before);
    Files.delete(dir.resolve(RunNumber.FILE));
    assertTrue(RunNumber.next(dir, 1002) > before + 1);
  }
}
