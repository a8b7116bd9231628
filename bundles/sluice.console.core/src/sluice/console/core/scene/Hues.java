package sluice.console.core.scene;

/** A stable hue for each volume. Pure. */
public final class Hues {
  public static final int COUNT = 12;

  private Hues() {}

  /** 0 to 11, the same for the same id, whatever else there is. */
  public static int of(String id) {
    int h = 0;
    for (int i = 0; i < id.length(); i++) h = 31 * h + id.charAt(i);
    // Ids differ in few places; without mixing, neighbours would share a hue.
    h ^= h >>> 16;
    h *= 0x45d9f3b;
    h ^= h >>> 13;
    return Math.floorMod(h, COUNT);
  }
}
