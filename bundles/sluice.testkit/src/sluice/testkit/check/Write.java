package sluice.testkit.check;

import sluice.testkit.disk.Platter;

/** A value that blocks may have: of a write, or of what was seen when nothing was under way. */
final class Write {
  static final int SECTORS = Platter.PAGE / Platter.SECTOR;

  final long stamp;
  /** One for each sector, of what was seen; null of a write, which is of one piece. */
  final long[] seen;
  final long start;
  long end = Long.MAX_VALUE;
  /** It was acknowledged, or it can have no further effect. */
  boolean ended;
  /** Whatever became of it is the same for all readers from now on. */
  boolean settled;

  Write(long stamp, long[] seen, long start) {
    this.stamp = stamp;
    this.seen = seen;
    this.start = start;
  }

  long stamp(int sector) {
    return seen == null ? stamp : seen[sector];
  }

  @Override
  public String toString() {
    return (seen == null ? Long.toHexString(stamp) : "seen") + (ended ? settled ? "" : "?" : "…");
  }
}
