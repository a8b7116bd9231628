package sluice.agent.router;

import java.util.EnumMap;
import java.util.Map;

/** Why a volume's requests have to wait before they start; open when there is no reason. One owner. */
public final class Gate {
  /** What closes it. */
  public enum Cause {
    /** The server does not know this host any more. */
    REFUSED,
    /** The server wants the volume to stand still. */
    QUIESCE,
    /** The server has not let the volume be used yet. */
    WITHHELD,
    /** The volume is going over to another layout. */
    LAYOUT
  }

  private final Map<Cause, String> closed = new EnumMap<>(Cause.class);
  private boolean leased;
  private long leaseEnds;
  private boolean watched;
  private long awakeEnds;

  void close(Cause cause, String reason) {
    closed.put(cause, reason);
  }

  void open(Cause cause) {
    closed.remove(cause);
  }

  /** From now on it is open before this time only (invariant 2, volumes that several hosts hold). */
  void leasedUntil(long nanos) {
    leased = true;
    leaseEnds = nanos;
  }

  /**
   * From now on it is open before this time only, which is moved on for as long as this program runs: one that was stopped for
   * longer has to hear first whether it still holds the volume.
   */
  void awakeUntil(long nanos) {
    watched = true;
    awakeEnds = nanos;
  }

  private boolean asleep(long now) {
    return watched && now - awakeEnds >= 0;
  }

  /** Nanoseconds, 0 or less once it has run out; of a volume that is held alone there is no end. */
  long leaseLeft(long now) {
    return leased ? leaseEnds - now : Long.MAX_VALUE;
  }

  boolean isOpen(long now) {
    return closed.isEmpty() && !(leased && now - leaseEnds >= 0) && !asleep(now);
  }

  /** For people; empty if open. */
  String reason(long now) {
    StringBuilder all = new StringBuilder(String.join("; ", closed.values()));
    if (leased && now - leaseEnds >= 0) {
      all.append(all.isEmpty() ? "" : "; ").append("the lease has run out: no server has answered in time");
    }
    if (asleep(now)) all.append(all.isEmpty() ? "" : "; ").append("the agent was stopped for a while, and asks the server first");
    return all.toString();
  }
}
