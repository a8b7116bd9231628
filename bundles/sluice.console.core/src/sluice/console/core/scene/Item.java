package sluice.console.core.scene;

import java.util.List;
import sluice.console.core.view.ObjectKey;
import sluice.model.Health;

/**
 * A rectangle of a picture.
 *
 * @param kind how it is painted
 * @param about what it stands for; selecting it selects this
 * @param text what is read when it is pointed at
 * @param health for its colour, if its kind shows health
 * @param hue of the volume, 0 to 11; -1: none
 * @param row its place in the table
 */
public record Item(Kind kind, double x, double y, double width, double height, ObjectKey about, String text, Health health, int hue, int row) {
  /** How a rectangle is painted. */
  public enum Kind {
    LANE,
    FREE,
    SPARE,
    METADATA,
    EXTENT,
    INTENTS,
    BAND,
    WINDOW,
    FILLED,
    HOST,
    NETWORK,
    SERVER,
    DISK
  }

  public boolean contains(double px, double py) {
    return px >= x && px < x + width && py >= y && py < y + height;
  }

  public double middleX() {
    return x + width / 2;
  }

  public double middleY() {
    return y + height / 2;
  }

  /** Can it be chosen? What only carries others cannot. */
  public boolean selectable() {
    return kind != Kind.LANE && kind != Kind.BAND && kind != Kind.WINDOW && kind != Kind.FILLED;
  }

  static List<Item> copy(List<Item> items) {
    return List.copyOf(items);
  }
}
