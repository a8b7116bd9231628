package sluice.console.core.ops;

import java.util.List;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Volume;

/**
 * What an operation would do.
 *
 * @param steps in words, in order
 * @param before how many disk failures the data survives now; -1: does not apply
 * @param during while it is carried out
 * @param after when it is done
 * @param candidates disks that were looked at, and why not taken
 * @param volume as it would lie; the default instance if that is not known
 * @param refusal why it cannot be done; empty: it can
 */
public record Plan(List<String> steps, int before, int during, int after, List<Candidate> candidates, Volume volume, String refusal) {
  public Plan {
    steps = List.copyOf(steps);
    candidates = List.copyOf(candidates);
  }

  public boolean possible() {
    return refusal.isEmpty();
  }
}
