package sluice.testkit.world;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Supplier;

/**
 * Virtual time and what happens in it, in order of time and, at the same time, of scheduling. Ends at the first broken rule.
 */
public final class World {
  private static final int TRACE_LINES = 20_000;

  private record Event(long at, long order, Runnable what) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
  private final ArrayDeque<String> trace;
  private final Chance chance;
  private long now = 1_000_000_000L;
  private long order;
  private long digest;
  private long count;
  private String broken;
  private Throwable cause;
  SimLoop running;

  /** @param tracing whether {@link #trace} keeps anything */
  public World(long seed, boolean tracing) {
    chance = new Chance(seed);
    trace = tracing ? new ArrayDeque<>() : null;
  }

  /** Nanoseconds of the world's own clock, which no party can see. */
  public long now() {
    return now;
  }

  public Chance chance() {
    return chance;
  }

  public void after(long nanos, Runnable what) {
    events.add(new Event(now + Math.max(0, nanos), order++, what));
  }

  /** Runs until that time, or until a rule is broken. */
  public void runUntil(long time) {
    while (broken == null && !events.isEmpty() && events.peek().at <= time) {
      Event event = events.poll();
      now = event.at;
      digest = digest * 31 + now + event.order;
      count++;
      try {
        event.what.run();
      } catch (RuntimeException | Error e) {
        broke("no exception leaves a loop", e.toString(), e);
      }
    }
    if (broken == null) now = Math.max(now, time);
  }

  /** A rule does not hold: the run ends with the first such. */
  public void broke(String rule, String what) {
    broke(rule, what, null);
  }

  public void broke(String rule, String what, Throwable why) {
    trace(() -> "BROKEN: " + rule + ": " + what);
    if (broken != null) return;
    broken = rule + ": " + what;
    cause = why;
  }

  /** The first broken rule; null if none is. */
  public String broken() {
    return broken;
  }

  /** What was thrown, if that was it. */
  public Throwable cause() {
    return cause;
  }

  /** Of all that has happened: equal in two runs of one seed. */
  public long digest() {
    return digest;
  }

  public long events() {
    return count;
  }

  public boolean tracing() {
    return trace != null;
  }

  public void trace(Supplier<String> line) {
    if (trace == null) return;
    if (trace.size() == TRACE_LINES) trace.poll();
    trace.add(String.format("%11.6f %s", now / 1e9, line.get()));
  }

  /** The newest lines, oldest first. */
  public Iterable<String> lines() {
    return trace == null ? java.util.List.of() : trace;
  }
}
