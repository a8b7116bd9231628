package sluice.testkit.net;

import java.util.ArrayList;
import java.util.List;
import sluice.testkit.world.World;

/**
 * The way between two parties. Messages by themselves are lost while it is cut; streams wait, as TCP does, until it is whole
 * again or whoever uses it gives up.
 */
public final class Path {
  private final World world;
  private final String name;
  private final long leastNanos;
  private final long mostNanos;
  private final boolean[] cut = new boolean[2];
  private final List<List<Runnable>> parked = List.of(new ArrayList<>(), new ArrayList<>());
  /** Of messages. */
  private double loss;
  private double doubling;
  private long extraNanos;
  private long troubledUntil;

  /** Directions. */
  public static final int THERE = 0;

  public static final int BACK = 1;

  public Path(World world, String name, long leastNanos, long mostNanos) {
    this.world = world;
    this.name = name;
    this.leastNanos = leastNanos;
    this.mostNanos = mostNanos;
  }

  /** One that takes a message: it arrives once, twice, late or never. */
  public void message(int direction, Runnable arrive) {
    if (cut[direction] || world.chance().is(loss)) return;
    world.after(delay(), () -> {
      if (!cut[direction]) arrive.run();
    });
    if (world.chance().is(doubling)) world.after(delay() * 3, arrive);
  }

  /** What comes through a stream: it waits while the way is cut. */
  public void pass(int direction, Runnable arrive) {
    if (cut[direction]) parked.get(direction).add(arrive);
    else arrive.run();
  }

  public long delay() {
    long most = mostNanos + (extraNanos > 0 && world.chance().is(0.2) ? extraNanos : 0);
    return world.chance().between(leastNanos, most);
  }

  public void cut(int direction) {
    if (!cut[direction]) world.trace(() -> name + " is cut " + (direction == THERE ? "there" : "back"));
    cut[direction] = true;
  }

  public boolean isCut(int direction) {
    return cut[direction];
  }

  public boolean whole() {
    return !cut[THERE] && !cut[BACK];
  }

  public void bad(double lossOf, double doublingOf, long extra) {
    loss = lossOf;
    doubling = doublingOf;
    extraNanos = extra;
  }

  /** Everything is as it should be again. */
  public void heal() {
    if (!whole()) troubledUntil = world.now();
    bad(0, 0, 0);
    for (int d = THERE; d <= BACK; d++) {
      if (!cut[d]) continue;
      world.trace(() -> name + " is whole again");
      cut[d] = false;
      List<Runnable> waiting = List.copyOf(parked.get(d));
      parked.get(d).clear();
      int direction = d;
      for (Runnable r : waiting) world.after(delay(), () -> pass(direction, r));
    }
  }

  /** When it was last cut; the world's present if it is. */
  public long lastTrouble() {
    return whole() ? troubledUntil : world.now();
  }

  @Override
  public String toString() {
    return name;
  }
}
