package sluice.console.core.verdict;

import java.util.List;
import sluice.console.core.view.ObjectKey;
import sluice.model.Health;

/**
 * What there is to say of an object.
 *
 * @param health for icon and colour
 * @param word for the badge: "healthy", "syncing 61 %", "rerouted"
 * @param what a sentence: what is, and why
 * @param meaning a sentence: what it means for the data; empty if nothing
 * @param sinceMs the server's time from which it is so; 0: not known, or always
 * @param actions what helps, the best first; may be empty
 */
public record Verdict(ObjectKey about, Health health, String word, String what, String meaning, long sinceMs, List<Action> actions) {
  public Verdict {
    actions = List.copyOf(actions);
  }

  /** All that is to be read. */
  public String text() {
    return meaning.isEmpty() ? what : what + " " + meaning;
  }
}
