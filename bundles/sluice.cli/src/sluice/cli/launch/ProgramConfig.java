package sluice.cli.launch;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.Near;

/**
 * A configuration file: {@code option = value} a line, named as the options without their dashes; lists with commas;
 * {@code #} begins a comment line. Stricter than Java's properties, so that a mistake is told and not taken.
 */
public final class ProgramConfig {
  private final Path file;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  private ProgramConfig(Path file) {
    this.file = file;
  }

  /** No file: nothing is configured. */
  public static ProgramConfig empty() {
    return new ProgramConfig(null);
  }

  /** @param known the keys that may be used */
  public static ProgramConfig read(Path file, Collection<String> known) {
    try {
      return parse(file, Files.readAllLines(file), known);
    } catch (NoSuchFileException e) {
      throw bad(e, ErrorCode.NOT_FOUND, file, "there is no such file", "check the name after --config");
    } catch (MalformedInputException e) {
      throw bad(e, ErrorCode.INVALID_ARGUMENT, file, "it is not text in UTF-8", "write it with a text editor, lines like: dir = /srv/sluice");
    } catch (IOException e) {
      throw bad(e, ErrorCode.IO, file, e.toString(), "make the file readable for this user");
    }
  }

  static ProgramConfig parse(Path file, List<String> text, Collection<String> known) {
    ProgramConfig config = new ProgramConfig(file);
    for (int i = 0; i < text.size(); i++) {
      String line = text.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) config.line(i + 1, line, known);
    }
    return config;
  }

  private void line(int number, String line, Collection<String> known) {
    int equals = line.indexOf('=');
    if (equals < 1) throw wrong(number, "'" + line + "' is not of the form key = value", "write a line like: dir = /srv/sluice");
    String key = line.substring(0, equals).strip();
    if (!known.contains(key)) {
      throw wrong(number, "'" + key + "' is not known here",
          Near.question(key, known, "the keys are " + String.join(", ", known)));
    }
    if (values.putIfAbsent(key, line.substring(equals + 1).strip()) != null) {
      throw wrong(number, "'" + key + "' was given in line " + lines.get(key) + " already", "leave one of the two lines out");
    }
    lines.put(key, number);
  }

  /** The value or null. */
  public String get(String key) {
    String value = values.get(key);
    return value == null || value.isEmpty() ? null : value;
  }

  /** The comma-separated values; empty if there are none. */
  public List<String> list(String key) {
    List<String> list = new ArrayList<>();
    if (get(key) != null) for (String part : get(key).split(",")) if (!part.isBlank()) list.add(part.strip());
    return list;
  }

  /** An error about a key's value that only its user could find. */
  public SluiceException wrongValue(String key, String why, String correction) {
    return wrong(lines.get(key), key + ": " + why, correction);
  }

  private SluiceException wrong(int line, String why, String correction) {
    return new SluiceException(ErrorCode.INVALID_ARGUMENT, "line " + line + " of the configuration file " + file + " is wrong", why,
        correction, String.valueOf(file));
  }

  private static SluiceException bad(Exception cause, ErrorCode code, Path file, String why, String correction) {
    return new SluiceException(cause, code, "the configuration file " + file + " cannot be read", why, correction,
        List.of(file.toString()));
  }
}
