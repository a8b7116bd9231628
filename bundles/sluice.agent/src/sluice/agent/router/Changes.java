package sluice.agent.router;

/** The changes that the routes have, in order of sending, and which newer ones have to wait for them (invariant 8). */
final class Changes {
  private final IoQueue sent = new IoQueue();
  private final int[] byWay = new int[2];
  private int doubts;

  void sent(RoutedIo io) {
    sent.add(io);
    byWay[io.attempt.way]++;
  }

  /** A route has settled it. */
  void ended(RoutedIo io, int way) {
    sent.remove(io);
    byWay[way]--;
    if (io.phase == RoutedIo.Phase.IN_DOUBT) doubts--;
  }

  void doubt(RoutedIo io) {
    io.phase = RoutedIo.Phase.IN_DOUBT;
    doubts++;
  }

  int doubts() {
    return doubts;
  }

  /** The oldest; the others follow by {@link RoutedIo#after}. */
  RoutedIo first() {
    return sent.first();
  }

  /**
   * Whether an older change that overlaps this one is in doubt, or under way by the other way and so could take effect
   * after it. Costs two comparisons while nothing of the kind is going on.
   */
  boolean block(RoutedIo io, int way) {
    if (doubts == 0 && byWay[1 - way] == 0) return false;
    for (RoutedIo c = sent.first(); c != null; c = c.after) {
      boolean risky = c.phase == RoutedIo.Phase.IN_DOUBT || c.attempt.way != way;
      if (risky && c.number < io.number && c.user.overlaps(io.user)) return true;
    }
    return false;
  }
}
