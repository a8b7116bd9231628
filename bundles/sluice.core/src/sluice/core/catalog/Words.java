package sluice.core.catalog;

import java.util.List;
import sluice.protocol.v1.Access;

/** Pieces of sentences for people. */
final class Words {
  /** Names in a sentence; the rest is counted. */
  private static final int LISTED = 10;

  private Words() {}

  /** One line of printable characters, at most so many: what comes from outside must not forge lines of a log. */
  static String cut(String text, int chars) {
    StringBuilder out = null;
    int end = Math.min(text.length(), chars);
    // not within a surrogate pair, which could not be encoded
    if (end < text.length() && end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) end--;
    for (int i = 0; i < end; i++) {
      if (Character.isISOControl(text.charAt(i)) || text.charAt(i) == '\u2028' || text.charAt(i) == '\u2029') {
        if (out == null) out = new StringBuilder(text.substring(0, end));
        out.setCharAt(i, ' ');
      }
    }
    if (out != null) return out.toString();
    return end == text.length() ? text : text.substring(0, end);
  }

  /** "a, b and 3 more" */
  static String list(List<String> names) {
    if (names.size() <= LISTED) return String.join(", ", names);
    return String.join(", ", names.subList(0, LISTED)) + " and " + (names.size() - LISTED) + " more";
  }

  static String access(Access access) {
    return access == Access.READ_ONLY ? "read-only" : "read-write";
  }

  static String count(int n, String noun) {
    return n + " " + noun + (n == 1 ? "" : "s");
  }
}
