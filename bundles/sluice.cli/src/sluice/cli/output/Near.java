package sluice.cli.output;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** Which of the known names somebody may have meant. */
public final class Near {
  private static final int SUGGESTIONS = 3;

  private Near() {}

  /** At most three names within a third of the length in edits, or that begin with what was typed; nearest first. */
  public static List<String> to(String typed, Collection<String> known) {
    String t = typed.toLowerCase(Locale.ROOT);
    List<String> near = new ArrayList<>();
    for (String name : known) if (distance(t, name) <= Math.max(1, t.length() / 3) || starts(name, t)) near.add(name);
    near.sort(Comparator.<String>comparingInt(n -> distance(t, n)).thenComparing(n -> n));
    return near.subList(0, Math.min(SUGGESTIONS, near.size()));
  }

  /** "did you mean 'v1' or 'v2'?", or the other sentence if nothing is near. */
  public static String question(String typed, Collection<String> known, String otherwise) {
    List<String> near = to(typed, known);
    return near.isEmpty() ? otherwise : "did you mean '" + String.join("' or '", near) + "'?";
  }

  /** Fails with NOT_FOUND, suggesting near names, if the name is not one of the known ones. */
  public static void require(String kind, String typed, Collection<String> known) {
    if (known.contains(typed)) return;
    throw new SluiceException(ErrorCode.NOT_FOUND, "there is no " + kind + " '" + typed + "'",
        known.isEmpty() ? "there are no " + kind + "s yet, or none that you may see" : "",
        known.isEmpty() ? "" : question(typed, known, "'sluice " + kind + " list' shows all"), typed);
  }

  private static boolean starts(String name, String typed) {
    return typed.length() >= 2 && name.toLowerCase(Locale.ROOT).startsWith(typed);
  }

  /** Levenshtein's distance, with a swap of neighbours as one edit (the commonest slip of all). */
  static int distance(String a, String bOriginal) {
    String b = bOriginal.toLowerCase(Locale.ROOT);
    int[] before = new int[b.length() + 1];
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) previous[j] = j;
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] = Math.min(Math.min(previous[j], current[j - 1]) + 1, previous[j - 1] + change);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) current[j] = Math.min(current[j], before[j - 2] + 1);
      }
      int[] free = before;
      before = previous;
      previous = current;
      current = free;
    }
    return previous[b.length()];
  }
}
