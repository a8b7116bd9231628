package sluice.net;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * When one network's link connects, gives up, waits and tries again. Pure: time and randomness are handed in, what to do
 * comes out; all times are nanoseconds of one monotonic clock, compared by difference.
 */
final class LinkStateMachine {
  enum State {
    /** Waits until it may connect (anew). */
    WAITING,
    /** TCP, then TLS, then Hello: all within {@link #GREETING_NANOS}. */
    CONNECTING,
    UP,
    /** For good. */
    CLOSED
  }

  enum Action {
    NONE,
    CONNECT,
    /** Drop the connection; {@link #reason} says why. */
    DISCONNECT
  }

  static final long FIRST_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  static final long MAX_BACKOFF_NANOS = TimeUnit.SECONDS.toNanos(5);
  static final long GREETING_NANOS = TimeUnit.SECONDS.toNanos(10);
  static final int SILENT_HEARTBEATS = 3;

  private final RandomGenerator random;
  private State state = State.WAITING;
  private String reason = "not connected yet";
  private long wakeAt;
  private int failures;
  private long upAt;
  private long heartbeatNanos;
  private boolean awaitingAck;
  private long silentSince;

  LinkStateMachine(RandomGenerator random, long now) {
    this.random = random;
    this.wakeAt = now;
  }

  State state() {
    return state;
  }

  boolean up() {
    return state == State.UP;
  }

  /** Why it is not up; empty if it is. */
  String reason() {
    return reason;
  }

  /** When {@link #tick} has something to do next. */
  long wakeAt() {
    return wakeAt;
  }

  /** Is the oldest heartbeat without an answer younger than one and a half intervals? Then it is a link to prefer. */
  boolean answering(long now) {
    return state == State.UP && (!awaitingAck || now - silentSince < heartbeatNanos + heartbeatNanos / 2);
  }

  /** To be called at {@link #wakeAt} or later, and harmless before. */
  Action tick(long now) {
    if (state == State.CLOSED || now - wakeAt < 0) return Action.NONE;
    switch (state) {
      case WAITING -> {
        state = State.CONNECTING;
        wakeAt = now + GREETING_NANOS;
        return Action.CONNECT;
      }
      case CONNECTING -> {
        return failed(now, "no answer within " + seconds(GREETING_NANOS));
      }
      default -> {
        if (!awaitingAck) {
          wakeAt = now + SILENT_HEARTBEATS * heartbeatNanos;
          return Action.NONE;
        }
        return failed(now, "no answer to heartbeats for " + seconds(SILENT_HEARTBEATS * heartbeatNanos));
      }
    }
  }

  void welcomed(long now, long heartbeatNanos) {
    state = State.UP;
    reason = "";
    upAt = now;
    this.heartbeatNanos = heartbeatNanos;
    awaitingAck = false;
    wakeAt = now + SILENT_HEARTBEATS * heartbeatNanos;
  }

  /** A heartbeat went out over this link. */
  void beatSent(long now) {
    if (state != State.UP || awaitingAck) return;
    awaitingAck = true;
    silentSince = now;
    wakeAt = now + SILENT_HEARTBEATS * heartbeatNanos;
  }

  /** An answer came over this link. @param all it was to the newest heartbeat that went out over it */
  void acked(long now, boolean all) {
    if (state != State.UP) return;
    awaitingAck = !all;
    silentSince = now;
    wakeAt = now + SILENT_HEARTBEATS * heartbeatNanos;
  }

  /** Something came over this link: the answer to a heartbeat may stand behind more of it, so the link is not dead. */
  void heard(long now) {
    if (state == State.UP && awaitingAck) wakeAt = now + SILENT_HEARTBEATS * heartbeatNanos;
  }

  /** The connection could not be made, or ended. */
  Action failed(long now, String why) {
    if (state != State.UP && state != State.CONNECTING) return Action.NONE;
    if (state == State.UP) {
        // A link that flaps is not healthy for having come up: only one that stayed up starts from the beginning.
      if (now - upAt >= MAX_BACKOFF_NANOS) failures = 0;
    }
    reason = why;
    wakeAt = now + backoff();
    state = State.WAITING;
    return Action.DISCONNECT;
  }

  /** The server said no: it will not change its mind within milliseconds. */
  Action refused(long now, String why) {
    failures = Integer.SIZE;
    return failed(now, why);
  }

  Action close(String why) {
    boolean connected = state == State.UP || state == State.CONNECTING;
    state = State.CLOSED;
    reason = why;
    wakeAt = Long.MAX_VALUE;
    return connected ? Action.DISCONNECT : Action.NONE;
  }

  /** Doubling from 100 ms to 5 s; a random half of it, so that a thousand hosts do not come back as one. */
  private long backoff() {
    int doublings = Math.min(failures, 6);
    failures = Math.min(failures + 1, Integer.SIZE);
    long full = Math.min(FIRST_BACKOFF_NANOS << doublings, MAX_BACKOFF_NANOS);
    return full / 2 + random.nextLong(full / 2 + 1);
  }

  private static String seconds(long nanos) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanos);
    return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
  }
}
