package sluice.agent.router;

import sluice.api.block.BlockOp;
import sluice.api.block.BlockRequest;
import sluice.api.block.IoError;

/** A user's request while the router has it; pooled. Where it is says {@link #phase}. */
final class RoutedIo extends TimerWheel.Node {
  enum Phase {
    /** Not in use. */
    FREE,
    /** The gate is closed. */
    GATED,
    /** A change that overlaps an older one which may still take effect by another way, or is in doubt. */
    HELD,
    /** By one of the routes. */
    SENT,
    /** A change by one of the routes whose deadline has passed: it stays until that route settles it. */
    IN_DOUBT,
    /** Neither way is good: for a better time. */
    WAITING
  }

  private final Router router;
  Phase phase = Phase.FREE;
  BlockRequest user;
  Attempt attempt;
  /** Order of arrival. */
  long number;
  long arrived;
  /** Since when it has had a chance: its arrival, or when the gate last let it go on. */
  long since;
  /** The last error by each way since it was last tried afresh. */
  final int[] errors = new int[2];
  int waits;
  /** FLUSH: the way that is not in use has been flushed as well, or need not be. */
  boolean otherFlushed;
  /** FLUSH: that is what the attempt under way does. */
  boolean firstFlush;
  /** Number of the newest snapshot when the attempt was sent. */
  long sentUnder;
  /** A change that the direct way does not take at the moment: it may go by the server only, however long that takes. */
  boolean fenced;

  IoQueue in;
  RoutedIo before;
  RoutedIo after;

  RoutedIo(Router router) {
    this.router = router;
  }

  BlockOp op() {
    return user.op;
  }

  boolean change() {
    return user.op.changesData();
  }

  void begin(BlockRequest request, long at, long order) {
    user = request;
    arrived = at;
    since = at;
    fenced = false;
    number = order;
    errors[0] = IoError.OK;
    errors[1] = IoError.OK;
    waits = 0;
    otherFlushed = false;
    firstFlush = false;
  }

  /** Ways that were merely unreachable get another chance; a medium that failed is remembered. */
  void forgetUnreachable() {
    for (int way = 0; way < errors.length; way++) if (errors[way] != IoError.EIO) errors[way] = IoError.OK;
  }

  boolean failedOnBoth() {
    return errors[0] == IoError.EIO && errors[1] == IoError.EIO;
  }

  /**
   * Whether it has waited for a way long enough. A change that may go by the server only does not fail because that is away: the
   * direct way is good, and will take it again.
   */
  boolean outOfTime(long now, long total) {
    return now - since >= total && !(fenced && errors[Ways.SERVER] != IoError.EIO);
  }

  int worstError() {
    if (errors[0] == IoError.EIO || errors[1] == IoError.EIO) return IoError.EIO;
    return errors[0] != IoError.OK ? errors[0] : errors[1] != IoError.OK ? errors[1] : IoError.ETIMEDOUT;
  }

  @Override
  void expired(long now) {
    router.expired(this, now);
  }
}
