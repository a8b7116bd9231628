package sluice.core.redirect;

import java.util.concurrent.TimeUnit;

/**
 * How patient a {@link RedirectPolicy} is. All in nanoseconds, except {@code goodProbes}.
 *
 * @param probeMin to the first probe after a hard error, and the least between two probes
 * @param probeMax the most between two probes
 * @param probeDeadline a probe without an answer by then has failed
 * @param goodProbes in a row that are needed to go back to the direct way
 * @param spread the least time from the first to the last of them; doubled each time the direct way was left again soon
 *     after it was taken back
 * @param maxSpread bound of the doubled spread
 * @param flap what "soon" is
 * @param serverRetryMin to the next try of a server route that failed; doubled while it fails
 * @param serverRetryMax bound of that
 */
public record RedirectTimes(long probeMin, long probeMax, long probeDeadline, int goodProbes, long spread, long maxSpread,
    long flap, long serverRetryMin, long serverRetryMax) {
  /** The design's figures: 250 ms to 8 s between probes, three good ones over at least a second to go back. */
  public static final RedirectTimes STANDARD = new RedirectTimes(ms(250), ms(8_000), ms(3_000), 3, ms(1_000), ms(60_000),
      ms(60_000), ms(100), ms(2_000));

  public RedirectTimes {
    if (probeMin <= 0 || probeMax < probeMin || probeDeadline <= 0) throw new IllegalArgumentException("probe times");
    if (goodProbes < 1 || spread < 0 || maxSpread < spread || flap < 0) throw new IllegalArgumentException("spread");
    if (serverRetryMin <= 0 || serverRetryMax < serverRetryMin) throw new IllegalArgumentException("server retry");
  }

  private static long ms(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }
}
