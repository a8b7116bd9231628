package sluice.core.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes disks for columns out of those that hold a whole one: the best of the failure domain that has the fewest
 * columns so far, so that columns share a domain only when there is no other.
 */
final class ColumnSelection {
  private final List<FreeRuns> chosen = new ArrayList<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, Integer> firstColumnOfDomain = new HashMap<>();

  ColumnSelection(List<FreeRuns> eligible, int columns) {
    List<FreeRuns> left = new ArrayList<>(eligible);
    while (chosen.size() < columns && !left.isEmpty()) {
      int best = 0;
      for (int i = 1; i < left.size(); i++) if (isBetter(left.get(i), left.get(best))) best = i;
      FreeRuns taken = left.remove(best);
      chosen.add(taken);
      String domain = taken.disk.domain();
      if (!domain.isEmpty()) {
        uses.merge(domain, 1, Integer::sum);
        firstColumnOfDomain.putIfAbsent(domain, chosen.size());
      }
    }
  }

  private boolean isBetter(FreeRuns a, FreeRuns b) {
    int usesOfA = use(a);
    int usesOfB = use(b);
    return usesOfA != usesOfB ? usesOfA < usesOfB : DiskScore.BEST_FIRST.compare(a, b) < 0;
  }

  private int use(FreeRuns runs) {
    return runs.disk.domain().isEmpty() ? 0 : uses.getOrDefault(runs.disk.domain(), 0);
  }

  /** As many as there were, in order of columns. */
  List<FreeRuns> chosen() {
    return chosen;
  }

  /** Of a disk that could have been taken and was not. */
  String whyNotChosen(FreeRuns runs) {
    Integer column = firstColumnOfDomain.get(runs.disk.domain());
    if (column != null && chosen.size() > 1) {
      return "column " + column + " lies in its failure domain " + runs.disk.domain() + " already";
    }
    return "not needed: the disks taken have as much free space or more";
  }
}
