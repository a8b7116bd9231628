package sluice.console.core.ops;

import java.util.List;

/**
 * What became of an operation.
 *
 * @param text a sentence for people
 * @param notes more sentences; what is behind or was left
 * @param objects ids of what was made or changed: to select and reveal
 * @param secret what is shown once, a token; empty if there is none
 * @param follow a command to run elsewhere; empty if there is none
 */
public record Outcome(String text, List<String> notes, List<String> objects, String secret, String follow) {
  public Outcome {
    notes = List.copyOf(notes);
    objects = List.copyOf(objects);
  }

  static Outcome of(String text, List<String> notes, List<String> objects) {
    return new Outcome(text, notes, objects, "", "");
  }
}
