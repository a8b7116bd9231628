package sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

class ConsoleProgramTest {
  @TempDir Path dir;

  @Test
  void isLookedForWhereItIsSaidToBeAndElseBesideTheCommandLine() {
    assertEquals(List.of(Path.of("/opt/console")), ConsoleProgram.places(Map.of(ConsoleProgram.HOME, "/opt/console"), "/opt/sluice"));
    assertEquals(List.of(Path.of("/opt/sluice/console"), Path.of("/opt/sluice-console")), ConsoleProgram.places(Map.of(), "/opt/sluice"));
  }

  @Test
  void whereThereIsNoneTheErrorSaysWhereItWasLookedFor() {
    SluiceException e = assertThrows(SluiceException.class, () -> ConsoleProgram.find(Map.of(ConsoleProgram.HOME, dir.toString())));
    assertEquals(ErrorCode.NOT_FOUND, e.code());
    assertTrue(e.getMessage().contains(dir.toString()), e.getMessage());
  }

  @Test
  void withoutADisplayItIsNotStarted() throws Exception {
    Files.createFile(dir.resolve("sluice-console"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    SluiceException e = assertThrows(SluiceException.class, () -> ConsoleProgram.find(Map.of(ConsoleProgram.HOME, dir.toString())));
    assertEquals(ErrorCode.UNAVAILABLE, e.code());
  }

  @Test
  void endsWithTheConsolesOwnExitCodeAndHandsItsArgumentsOn() throws Exception {
    Path script = Files.createFile(dir.resolve("sluice-console"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(script, "#!/bin/sh\necho \"$@\" > '" + dir + "/arguments'\nexit 3\n");
    Process p = ConsoleProgram.find(Map.of(ConsoleProgram.HOME, dir.toString(), "DISPLAY", ":9")).start(Map.of(), "h:1");
    assertEquals(3, p.waitFor());
    assertEquals("--server h:1", Files.readString(dir.resolve("arguments")).strip());
  }
}
