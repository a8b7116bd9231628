package sluice.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A token that is given as it is, or in a file: every user of a machine sees the options of every program that runs on it. */
final class TokenOption {
  private TokenOption() {}

  /**
   * Null if neither is given, or the file is not there: once it was used, whoever wrote it may have taken it away.
   *
   * @throws sluice.api.SluiceException INVALID_ARGUMENT if both are given, or the file cannot be read
   */
  static String read(String token, String file) {
    if (token != null && file != null) throw ProgramCommand.invalid("both a token and a file with one are given", "leave one of them out");
    if (file == null) return token;
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines.findFirst().orElse("").strip();
    } catch (IOException | UncheckedIOException e) {
      if (!Files.exists(Path.of(file))) return null;
      throw ProgramCommand.invalid("token-file = '" + file + "' cannot be read", "make it readable for this user");
    }
  }
}
