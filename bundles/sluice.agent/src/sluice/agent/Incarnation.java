package sluice.agent;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.net.pki.PrivateFiles;

/** How many times this agent has been started, in {@code DIR/incarnation}: tells its old connections from its new ones. Blocks. */
final class Incarnation {
  private Incarnation() {}

  /** One more than ever before; durable on return. Fails with CORRUPT rather than going back. */
  static long next(Path dir) {
    Path file = dir.resolve("incarnation");
    long last = 0;
    if (Files.exists(file)) {
      String text = new String(PrivateFiles.read(file, 64), StandardCharsets.US_ASCII).strip();
      if (!text.matches("[0-9]{1,18}")) {
        throw new SluiceException(ErrorCode.CORRUPT, file + " does not hold a number", "it reads '" + text + "'",
            "write a number into it that is greater than the incarnation that 'sluice host show' tells of this host", file.toString());
      }
      last = Long.parseLong(text);
    }
    PrivateFiles.write(file, (last + 1 + "\n").getBytes(StandardCharsets.US_ASCII));
    return last + 1;
  }
}
