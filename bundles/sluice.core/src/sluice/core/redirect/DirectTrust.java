package sluice.core.redirect;

/**
 * Whether the direct way is trusted, and how it earns trust back: good probes in a row, spread over a time that grows
 * if the way flaps. Pure; one owner.
 */
final class DirectTrust {
  /** 64 times the spread is past every sensible bound. */
  private static final int MAX_FLAPS = 6;

  private final RedirectTimes times;
  private boolean trusted = true;
  private String blame = "";
  private boolean probing;
  private long probeEnds;
  private long nextProbe;
  private long backoff;
  private int good;
  private long firstGood;
  private int flaps;
  private boolean cameBack;
  private long returned;

  DirectTrust(RedirectTimes times) {
    this.times = times;
  }

  boolean trusted() {
    return trusted;
  }

  /** Why it is not trusted, as of when it was lost. */
  String blame() {
    return blame;
  }

  boolean probing() {
    return probing;
  }

  /** The way failed; if it was trusted it is no more, and the first probe comes after {@code delay}. */
  void lose(long now, String why, long delay) {
    good = 0;
    if (!trusted) return;
    trusted = false;
    blame = why;
    flaps = cameBack && now - returned < times.flap() ? Math.min(flaps + 1, MAX_FLAPS) : 0;
    backoff = times.probeMin();
    nextProbe = now + delay;
    probing = false;
  }

  void earn(long now) {
    trusted = true;
    blame = "";
    probing = false;
    good = 0;
    cameBack = true;
    returned = now;
  }

  /** A probe shall start as soon as it can: the way has just been opened again. */
  void probeSoon(long now) {
    if (!probing && nextProbe - now > 0) nextProbe = now;
  }

  /** The way is not open: a probe that runs says nothing any more. */
  void cutOff() {
    probing = false;
    good = 0;
  }

  boolean takeProbe(long now) {
    if (trusted || probing || nextProbe - now > 0) return false;
    probing = true;
    probeEnds = now + times.probeDeadline();
    return true;
  }

  void probedBad(long now) {
    if (!probing) return;
    probing = false;
    good = 0;
    nextProbe = now + backoff;
    backoff = Math.min(times.probeMax(), backoff * 2);
  }

  /** True if the way has now earned trust. */
  boolean probedGood(long now) {
    if (!probing) return false;
    probing = false;
    backoff = times.probeMin();
    if (good++ == 0) firstGood = now;
    if (good >= times.goodProbes() && now - firstGood >= spread()) return true;
    nextProbe = now + Math.max(times.probeMin(), spread() / Math.max(1, times.goodProbes() - 1));
    return false;
  }

  void tick(long now) {
    if (probing && now - probeEnds >= 0) probedBad(now);
  }

  /** Nanoseconds to when something is due. Only while not trusted. */
  long delay(long now) {
    return Math.max(0, (probing ? probeEnds : nextProbe) - now);
  }

  private long spread() {
    return Math.min(times.maxSpread(), times.spread() << flaps);
  }
}
