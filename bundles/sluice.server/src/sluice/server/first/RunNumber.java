package sluice.server.first;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Numbers the starts of a server: hosts tell the orders of one run from those of another by it, and the server's own write
 * intents name it (invariant 4). It grows with each start.
 */
public final class RunNumber {
  static final String FILE = "run";

  private RunNumber() {}

  /**
   * The number of this start; durable when it is answered. It is never less than the time, so that it grows also when the
   * file is lost, or the folder was put back from a backup.
   *
   * @throws SluiceException IO if the folder cannot be written
   */
  public static long next(Path dir, long nowMs) {
    long number = Math.max(last(dir.resolve(FILE)) + 1, nowMs);
    Path part = dir.resolve(FILE + ".part");
    try {
      try (FileChannel c = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
        ByteBuffer bytes = ByteBuffer.wrap((number + "\n").getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) c.write(bytes);
        c.force(true);
      }
      Files.move(part, dir.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel folder = FileChannel.open(dir)) {
        folder.force(true);
      }
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the folder " + dir + " cannot be written", String.valueOf(e.getMessage()),
          "check its rights and the space on its file system", List.of(dir.toString()));
    }
    return number;
  }

  /** 0 if there is none that can be read: the time is the number then. */
  private static long last(Path file) {
    try {
      return Math.max(0, Long.parseLong(Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException | NumberFormatException e) {
      org.slf4j.LoggerFactory.getLogger(RunNumber.class).warn("{} cannot be read, the time takes its place: {}", file, e.toString());
      return 0;
    }
  }
}
