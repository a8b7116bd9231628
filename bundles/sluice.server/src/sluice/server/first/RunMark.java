package sluice.server.first;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Tells whether the last run of a server ended orderly: a file that is there while it runs, and is taken away at its end. For
 * people only; nothing is decided by it, so it need not be durable.
 */
public final class RunMark {
  static final String FILE = "running";

  private final Path file;
  private final boolean lastWasCut;

  private RunMark(Path file, boolean lastWasCut) {
    this.file = file;
    this.lastWasCut = lastWasCut;
  }

  /** @throws SluiceException IO if the folder cannot be written */
  public static RunMark begin(Path dir) {
    Path file = dir.resolve(FILE);
    boolean cut = Files.exists(file);
    try {
      if (!cut) Files.createFile(file);
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the folder " + dir + " cannot be written", String.valueOf(e.getMessage()),
          "check its rights and the space on its file system", List.of(dir.toString()));
    }
    return new RunMark(file, cut);
  }

  /** Whether the run before was killed, crashed, or lost its machine. */
  public boolean lastWasCut() {
    return lastWasCut;
  }

  /** An orderly end. */
  public void end() throws IOException {
    Files.deleteIfExists(file);
  }
}
