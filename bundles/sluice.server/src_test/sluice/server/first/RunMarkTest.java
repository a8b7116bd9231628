package sluice.server.first;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMarkTest {
  @TempDir Path dir;

  @Test
  void aRunThatDidNotEndIsSeenByTheNext() throws IOException {
    RunMark first = RunMark.begin(dir);
    assertFalse(first.lastWasCut());
    first.end();
    assertFalse(RunMark.begin(dir).lastWasCut());
    RunMark third = RunMark.begin(dir);
    assertTrue(third.lastWasCut(), "the second never ended");
    third.end();
    assertFalse(RunMark.begin(dir).lastWasCut());
  }
}
