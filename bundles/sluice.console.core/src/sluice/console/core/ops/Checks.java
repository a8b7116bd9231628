package sluice.console.core.ops;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.api.ByteSize;
import sluice.api.DiskUri;
import sluice.api.SluiceException;

/** Collects what is to be said of fields, and reads their values. Pure. */
final class Checks {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|min|h|d)?");

  final List<Finding> findings = new ArrayList<>();

  void error(String field, String text) {
    findings.add(new Finding(field, Finding.Kind.ERROR, text));
  }

  void warning(String field, String text) {
    findings.add(new Finding(field, Finding.Kind.WARNING, text));
  }

  void prompt(String field, String text) {
    findings.add(new Finding(field, Finding.Kind.PROMPT, text));
  }

  boolean clean() {
    return findings.stream().noneMatch(Finding::stops);
  }

  /** What names are made of, and that it is free. */
  void newName(String field, String value, String noun, boolean taken) {
    if (value.isEmpty()) {
      prompt(field, "Type a name for the " + noun + ".");
    } else if (!NAME.matcher(value).matches()) {
      error(field, nameTrouble(value));
    } else if (taken) {
      error(field, "There is a " + noun + " '" + value + "' already; choose another name.");
    }
  }

  private static String nameTrouble(String value) {
    if (value.length() > 64) return "The name has " + value.length() + " characters; 64 are possible.";
    String better = value.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[^a-z0-9]+", "");
    String rule = "A name is made of a-z, 0-9, '-', '_' and '.', and begins with a letter or digit";
    return rule + (better.isEmpty() ? "." : "; try '" + better + "'.");
  }

  Optional<Long> size(String field, String value, boolean required, long atLeast) {
    if (value.isBlank()) {
      if (required) prompt(field, "Type a size like 10G or 1.5T.");
      return Optional.empty();
    }
    try {
      long bytes = ByteSize.parse(value).bytes();
      if (bytes >= atLeast) return Optional.of(bytes);
      error(field, new ByteSize(bytes) + " is too small; give at least " + new ByteSize(atLeast) + ".");
    } catch (SluiceException e) {
      error(field, "'" + value + "' is not a size; write it like 512M, 10G or 1.5T.");
    }
    return Optional.empty();
  }

  /** Bytes a second; "none" is 0. */
  Optional<Long> rate(String field, String value) {
    String t = value.strip();
    if (t.isEmpty()) return Optional.empty();
    if (t.equals("none")) return Optional.of(0L);
    try {
      long bytes = ByteSize.parse(t.endsWith("/s") ? t.substring(0, t.length() - 2) : t).bytes();
      if (bytes > 0) return Optional.of(bytes);
    } catch (SluiceException e) {
      // said below in words of rates
    }
    error(field, "'" + value + "' is no rate; write it like 50MiB/s, or 'none'.");
    return Optional.empty();
  }

  Optional<Duration> duration(String field, String value) {
    String t = value.strip();
    if (t.isEmpty()) return Optional.empty();
    Matcher m = TIME.matcher(t);
    if (!m.matches()) {
      error(field, "'" + value + "' is no time; write it like 30s, 5m or 2h.");
      return Optional.empty();
    }
    long n = Long.parseLong(m.group(1));
    String unit = m.group(2) == null ? "s" : m.group(2);
    return Optional.of(switch (unit) {
      case "ms" -> Duration.ofMillis(n);
      case "m", "min" -> Duration.ofMinutes(n);
      case "h" -> Duration.ofHours(n);
      case "d" -> Duration.ofDays(n);
      default -> Duration.ofSeconds(n);
    });
  }

  Optional<Integer> number(String field, String value, int from, int to) {
    String t = value.strip();
    if (t.isEmpty()) return Optional.empty();
    try {
      int n = Integer.parseInt(t);
      if (n >= from && n <= to) return Optional.of(n);
    } catch (NumberFormatException e) {
      // said below
    }
    error(field, "'" + value + "' is no number from " + from + " to " + to + ".");
    return Optional.empty();
  }

  void uri(String field, String value) {
    try {
      new DiskUri(value);
    } catch (SluiceException e) {
      error(field, "'" + value + "' is no disk: " + e.why() + "; " + e.correction() + ".");
    }
  }

  void confirmed(String field, String typed, String name) {
    if (typed.isEmpty()) prompt(field, "Type '" + name + "' to say that you mean it.");
    else if (!typed.equals(name)) error(field, "This is not '" + name + "'; type the name of what is to go.");
  }
}
