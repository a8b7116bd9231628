package sluice.cli.output;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Moments and durations for people. */
public final class Moments {
  private Moments() {}

  /** Milliseconds since 1970 as "2026-11-22 14:03:07Z"; 0, which means unknown, as nothing. */
  public static String at(long ms) {
    if (ms == 0) return "";
    return Instant.ofEpochMilli(ms).truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
  }

  /** How long ago, in the two largest units: "3 h 5 min". Clocks differ between machines: a future moment is "0 s". */
  public static String ago(long ms, long nowMs) {
    return ms == 0 ? "" : duration(nowMs - ms);
  }

  /** Milliseconds in the two largest units: "2 d 3 h", "59 s". */
  public static String duration(long ms) {
    long s = Math.max(0, ms / 1000);
    if (s < 60) return s + " s";
    if (s < 3600) return s / 60 + " min" + rest(s % 60, "s");
    if (s < 86400) return s / 3600 + " h" + rest(s % 3600 / 60, "min");
    return s / 86400 + " d" + rest(s % 86400 / 3600, "h");
  }

  private static String rest(long n, String unit) {
    return n == 0 ? "" : " " + n + " " + unit;
  }
}
