package sluice.core.care;

/**
 * The range of the volume in which changes go through the server at the moment (invariant 5). It is asked for here, told
 * to the holders with their next order, and active when each of them has answered that very order.
 */
final class Window {
  private final CareEffects effects;
  private final Runnable publish;
  private long start;
  private long end;

  /** @param publish sends the holders their orders, so that no answer to an older one can be taken for one to this */
  Window(CareEffects effects, Runnable publish) {
    this.effects = effects;
    this.publish = publish;
  }

  /**
   * The server takes it up before any host: a change that a host still sends under the older window finds a server that
   * writes at least as many legs.
   */
  void set(long newStart, long newEnd) {
    if (newStart == start && newEnd == end) return;
    start = newStart;
    end = newEnd;
    effects.window(start, end);
    publish.run();
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }
}
