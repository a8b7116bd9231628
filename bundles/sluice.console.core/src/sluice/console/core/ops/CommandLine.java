package sluice.console.core.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A command line for a POSIX shell, each word quoted where it has to be. Pure. */
public final class CommandLine {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  private static final String AND = "&&";

  private final List<String> words = new ArrayList<>();

  public CommandLine(String... first) {
    words.add("sluice");
    words.addAll(List.of(first));
  }

  public CommandLine add(String word) {
    words.add(word);
    return this;
  }

  /** Left out if the value is empty. */
  public CommandLine option(String name, String value) {
    if (!value.isEmpty()) words.addAll(List.of(name, value));
    return this;
  }

  public CommandLine flag(String name, boolean set) {
    if (set) words.add(name);
    return this;
  }

  /** One more command, that is run if the one before was good. */
  public CommandLine then() {
    words.add(AND);
    words.add("sluice");
    return this;
  }

  public List<String> words() {
    return List.copyOf(words);
  }

  public static String quoted(String word) {
    if (PLAIN.matcher(word).matches()) return word;
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    for (String w : words) line.append(line.isEmpty() ? "" : " ").append(w.equals(AND) ? w : quoted(w));
    return line.toString();
  }
}
