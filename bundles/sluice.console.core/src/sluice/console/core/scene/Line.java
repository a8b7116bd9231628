package sluice.console.core.scene;

import java.util.List;
import sluice.console.core.view.ObjectKey;
import sluice.model.Health;

/**
 * A way between two items of a topology.
 *
 * @param from index of an item
 * @param to index of an item
 * @param dashed it is not the straight way
 * @param width 1 to 8, by how much goes over it
 * @param text what is read when it is pointed at: state, reason
 * @param objects what depends on it
 */
public record Line(int from, int to, boolean dashed, double width, Health health, String text, List<ObjectKey> objects) {
  public Line {
    objects = List.copyOf(objects);
  }
}
