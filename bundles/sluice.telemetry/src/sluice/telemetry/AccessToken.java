package sluice.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * The secret that a collector shows: 32 random bytes as hexadecimal digits, in a file that only the program's user can
 * read. It stays the same over restarts; removing the file makes a new one at the next start.
 */
final class AccessToken {
  private final byte[] expected;

  private AccessToken(String token) {
    expected = ("Bearer " + token).getBytes(StandardCharsets.US_ASCII);
  }

  /** Reads the file, or makes it. A file that others can read, or that holds something else, is replaced. */
  static AccessToken at(Path file) {
    try {
      if (Files.exists(file) && !readableByOthers(file)) {
        String token = Files.size(file) > 100 ? "" : Files.readString(file, StandardCharsets.ISO_8859_1).trim();
        if (token.matches("[0-9a-f]{64}")) return new AccessToken(token);
      }
      return new AccessToken(create(file));
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "cannot read or make " + file, String.valueOf(e.getMessage()),
          "make the directory writable for the program's user", List.of(file.toString()));
    }
  }

  private static boolean readableByOthers(Path file) throws IOException {
    return !PosixFilePermissions.toString(Files.getPosixFilePermissions(file)).endsWith("------");
  }

  private static String create(Path file) throws IOException {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String token = HexFormat.of().formatHex(random);
    Path tmp = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(tmp);
    try (FileChannel ch = FileChannel.open(tmp, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ch.write(ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII)));
      ch.force(true);
    }
    Files.move(tmp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return token;
  }

  /**
   * Whether the header's value is right; takes as long for one that is nearly right as for one that is not.
   *
   * @param authorization null if there is none
   */
  boolean admits(String authorization) {
    if (authorization == null) return false;
    return MessageDigest.isEqual(expected, authorization.getBytes(StandardCharsets.ISO_8859_1));
  }
}
