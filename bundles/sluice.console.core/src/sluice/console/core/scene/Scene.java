package sluice.console.core.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import sluice.console.core.view.ObjectKey;

/**
 * A picture.
 *
 * @param width of all of it
 * @param height of all of it
 * @param items in the order of painting, sorted by y of their lane
 * @param table the same in words
 */
public record Scene(double width, double height, List<Item> items, List<Line> lines, Table table) {
  /** Where an arrow key goes. */
  public enum Direction {
    LEFT,
    RIGHT,
    UP,
    DOWN
  }

  public Scene {
    items = List.copyOf(items);
    lines = List.copyOf(lines);
  }

  /** The topmost item that can be chosen there. */
  public Optional<Item> hit(double x, double y) {
    for (int i = items.size() - 1; i >= 0; i--) if (items.get(i).contains(x, y) && items.get(i).selectable()) return Optional.of(items.get(i));
    return Optional.empty();
  }

  /** What is to be painted of a part of it. */
  public List<Item> within(double top, double bottom) {
    List<Item> seen = new ArrayList<>();
    for (Item i : items) if (i.y() < bottom && i.y() + i.height() > top) seen.add(i);
    return seen;
  }

  public List<Item> about(ObjectKey key) {
    return items.stream().filter(i -> key.equals(i.about())).toList();
  }

  /** The nearest item that can be chosen in that direction; empty at the edge. Without a present one, the first. */
  public Optional<Item> next(Item from, Direction direction) {
    if (from == null) return items.stream().filter(Item::selectable).findFirst();
    boolean across = direction == Direction.LEFT || direction == Direction.RIGHT;
    int sign = direction == Direction.RIGHT || direction == Direction.DOWN ? 1 : -1;
    ToDoubleFunction<Item> ahead = i -> sign * (across ? i.middleX() - from.middleX() : i.middleY() - from.middleY());
    ToDoubleFunction<Item> aside = i -> Math.abs(across ? i.middleY() - from.middleY() : i.middleX() - from.middleX());
    Item best = null;
    double bestCost = Double.MAX_VALUE;
    for (Item i : items) {
      if (!i.selectable() || i == from) continue;
      double d = ahead.applyAsDouble(i);
      boolean sameLane = i.y() < from.y() + from.height() && i.y() + i.height() > from.y();
      if (d <= 0.001 || across && !sameLane || !across && sameLane) continue;
      // Up and down stay in their column as far as they can; the next lane counts before a better column.
      double cost = across ? d : d * 1000 + aside.applyAsDouble(i);
      if (cost < bestCost) {
        best = i;
        bestCost = cost;
      }
    }
    return Optional.ofNullable(best);
  }
}
