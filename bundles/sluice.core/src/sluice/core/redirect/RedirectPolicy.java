package sluice.core.redirect;

import java.util.concurrent.TimeUnit;
import sluice.api.route.RouteKind;

/**
 * Decides which way the next request of one volume goes, and when to look at the direct way again.
 *
 * <p>The direct way is used while it is offered, open and trusted. A hard error or a missed deadline costs it its trust
 * (for this volume on this host: path trouble is not disk trouble, invariant 10); good probes in a row earn it
 * back. While it is not used, requests go through the server, if that way is open and has not just failed; otherwise
 * they wait. With no server to fall back on, a single sign of life of the direct way is enough to use it again:
 * nothing is better than it then, and a lost server must not stop healthy I/O.
 *
 * <p>What happens to requests that are under way is not decided here, see the agent's router. After every input,
 * look at {@link #state()}, {@link #takeProbe} and {@link #delayNanos}.
 */
public final class RedirectPolicy {
  /** Where the next request goes. */
  public enum State {
    DIRECT,
    SERVER,
    /** Neither way is good at the moment. */
    WAITING
  }

  /** {@link #delayNanos} when no input by time is needed. */
  public static final long NEVER = Long.MAX_VALUE;

  private final RedirectTimes times;
  private final DirectTrust trust;
  private boolean directOffered;
  private boolean directUsable;
  private String directWhy = "the direct route is not there";
  private boolean serverOffered;
  private boolean serverUsable;
  private String serverWhy = "the server route is not there";
  private boolean serverFailed;
  private long serverRetryAt;
  private long serverBackoff;
  private State state = State.WAITING;
  private long since;

  public RedirectPolicy(RedirectTimes times, long now) {
    this.times = times;
    this.trust = new DirectTrust(times);
    this.since = now;
    serverBackoff = times.serverRetryMin();
  }

  public State state() {
    return state;
  }

  /** When the state was entered, on the clock of the inputs. */
  public long since() {
    return since;
  }

  /** A way is there, in the health given. It loses no trust by having been away. */
  public void offered(long now, RouteKind kind, boolean usable, String reason) {
    if (kind == RouteKind.DIRECT) directOffered = true;
    else serverOffered = true;
    setHealth(now, kind, usable, reason);
    settle(now);
  }

  /** A way is gone because somebody took it away, not because it failed. */
  public void withdrawn(long now, RouteKind kind, String reason) {
    if (kind == RouteKind.DIRECT) {
      directOffered = false;
      directUsable = false;
      directWhy = reason;
      trust.cutOff();
    } else {
      serverOffered = false;
      serverUsable = false;
      serverWhy = reason;
    }
    settle(now);
  }

  /** What a way knows of itself has changed. A direct way that closes has failed, and has to earn its trust again. */
  public void health(long now, RouteKind kind, boolean usable, String reason) {
    if (kind == RouteKind.DIRECT && directOffered && directUsable && !usable) trust.lose(now, reason, times.probeMin());
    setHealth(now, kind, usable, reason);
    settle(now);
  }

  private void setHealth(long now, RouteKind kind, boolean usable, String reason) {
    if (kind == RouteKind.SERVER) {
      if (usable && !serverUsable) serverWorks();
      serverUsable = usable;
      serverWhy = reason;
      return;
    }
    if (usable && !directUsable) trust.probeSoon(now);
    if (!usable) trust.cutOff();
    directUsable = usable;
    directWhy = reason;
  }

  /** A request by the direct way ended with an error that another way may not have. */
  public void directFailed(long now, String reason) {
    trust.lose(now, reason, times.probeMin());
    settle(now);
  }

  /** A request by the direct way has not ended by its deadline. */
  public void directSlow(long now, String reason) {
    trust.lose(now, reason, 0);
    settle(now);
  }

  /** A request by the direct way ended well; matters only while requests wait. */
  public void directWorked(long now) {
    if (state == State.WAITING && directUsable && !trust.trusted()) {
      trust.earn(now);
      settle(now);
    }
  }

  /** The probe that was asked for has ended; what comes after its deadline is ignored. */
  public void probed(long now, boolean good) {
    if (!good) trust.probedBad(now);
    else if (trust.probing() && (trust.probedGood(now) || state == State.WAITING)) trust.earn(now);
    settle(now);
  }

  /** The server route could not carry a request. (What the server says of the disk is no fault of the route's.) */
  public void serverFailed(long now, String reason) {
    if (serverFailed && now - serverRetryAt < 0) return;
    serverFailed = true;
    serverWhy = reason;
    serverRetryAt = now + serverBackoff;
    serverBackoff = Math.min(times.serverRetryMax(), serverBackoff * 2);
    settle(now);
  }

  /** The server route carried a request. */
  public void serverWorked(long now) {
    if (!serverFailed && serverBackoff == times.serverRetryMin()) return;
    serverWorks();
    settle(now);
  }

  private void serverWorks() {
    serverFailed = false;
    serverBackoff = times.serverRetryMin();
  }

  /** Time has passed. */
  public void tick(long now) {
    trust.tick(now);
    settle(now);
  }

  /** True if a probe of the direct way is due; it then counts as having been started. */
  public boolean takeProbe(long now) {
    return directOffered && directUsable && trust.takeProbe(now);
  }

  /** Nanoseconds until {@link #tick} or {@link #takeProbe} has something to do; {@link #NEVER} if no time will help. */
  public long delayNanos(long now) {
    long delay = NEVER;
    if (directOffered && directUsable && !trust.trusted()) delay = trust.delay(now);
    if (serverFailed && serverOffered && serverUsable && serverRetryAt - now > 0) {
      delay = Math.min(delay, serverRetryAt - now);
    }
    return delay;
  }

  private void settle(long now) {
    State next;
    if (directOffered && directUsable && trust.trusted()) next = State.DIRECT;
    else if (serverOffered && serverUsable && !(serverFailed && serverRetryAt - now > 0)) next = State.SERVER;
    else next = State.WAITING;
    if (next == state) return;
    state = next;
    since = now;
  }

  /** For people: why not direct, and what happens next; empty if it is direct. Allocates. */
  public String reason(long now) {
    return switch (state) {
      case DIRECT -> "";
      case SERVER -> directReason() + retry(now);
      case WAITING -> directReason() + retry(now) + "; " + serverWhy;
    };
  }

  private String directReason() {
    if (!directOffered || !directUsable || trust.trusted()) return directWhy.isEmpty() ? trust.blame() : directWhy;
    return trust.blame();
  }

  private String retry(long now) {
    if (!directOffered || !directUsable || trust.trusted()) return "";
    if (trust.probing()) return "; trying the direct way now";
    long ms = TimeUnit.NANOSECONDS.toMillis(trust.delay(now));
    return "; retrying the direct way in " + (ms >= 1000 ? (ms + 500) / 1000 + " s" : ms + " ms");
  }
}
