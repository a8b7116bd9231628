package sluice.testkit.world;

import java.util.List;

/** The one source of chance of a run (SplitMix64): the same seed draws the same numbers on every machine. */
public final class Chance {
  private long state;

  public Chance(long seed) {
    state = seed * 0x9E3779B97F4A7C15L + 0x1234567L;
  }

  public long bits() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** 0 to {@code bound - 1}. */
  public int below(int bound) {
    return (int) Long.remainderUnsigned(bits(), bound);
  }

  /** Both ends included. */
  public long between(long least, long most) {
    return least + Long.remainderUnsigned(bits(), most - least + 1);
  }

  public boolean is(double probability) {
    return (bits() >>> 11) * 0x1.0p-53 < probability;
  }

  public <T> T of(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  /** Another source, so that one part of a run can draw more without changing what the others draw. */
  public Chance fork() {
    return new Chance(bits());
  }
}
