package sluice.volume.intent;

/**
 * Which regions changes are under way in, and whether what they changed has been made stable since. Pure; one owner.
 *
 * <p>A region is settled when no change in it is under way, or has ended since the newest successful flush of all legs began.
 */
final class RegionUse {
  /** Changes under way; as many as requests may be in flight at once at most. */
  private final char[] busy;
  /** Number of the newest flush that had begun when the last change in the region ended. */
  private final long[] ended;
  private final RegionBits recent;
  private long begun = 1;
  private long stable = 1;

  RegionUse(int regions) {
    busy = new char[regions];
    ended = new long[regions];
    recent = new RegionBits(regions);
  }

  void begin(int first, int last) {
    for (int r = first; r <= last; r++) {
      busy[r]++;
      recent.set(r);
    }
  }

  void end(int first, int last) {
    for (int r = first; r <= last; r++) {
      busy[r]--;
      ended[r] = begun;
      recent.set(r);
    }
  }

  /** @return to be told to {@link #flushed} if it succeeds on all legs */
  long flushBegins() {
    return ++begun;
  }

  void flushed(long number) {
    stable = Math.max(stable, number);
  }

  /** Marked ahead of its first change: not to be cleared at once. */
  void expect(int region) {
    recent.set(region);
  }

  /** No change is under way in it nor was since the last call of {@link #turn}. */
  boolean idle(int region) {
    return busy[region] == 0 && !recent.get(region);
  }

  boolean settled(int region) {
    return busy[region] == 0 && ended[region] < stable;
  }

  void turn() {
    recent.clear();
  }
}
