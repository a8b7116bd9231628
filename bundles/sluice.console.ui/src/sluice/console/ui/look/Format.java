package sluice.console.ui.look;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and moments as people read them. Pure but for the zone, which is the user's. */
public final class Format {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
  private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS xxx", Locale.ROOT);

  private Format() {}

  /** "1.5 GiB", "512 B". */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    boolean whole = unit == 0 || value == Math.rint(value);
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }

  /** "85.2 MiB/s". */
  public static String rate(long bytesPerSecond) {
    return bytes(bytesPerSecond) + "/s";
  }

  /** "61 %"; never more than 100, and 100 only if it is all. */
  public static String percent(long done, long total) {
    if (total <= 0) return "";
    return Math.min(done >= total ? 100 : 99, (int) (100.0 * done / total)) + " %";
  }

  /** "4 min", "35 s", "2 h 10 min". */
  public static String duration(long ms) {
    long s = Math.max(0, ms) / 1000;
    if (s < 1) return "under 1 s";
    if (s < 60) return s + " s";
    if (s < 3600) return s / 60 + " min" + (s < 600 && s % 60 != 0 ? " " + s % 60 + " s" : "");
    if (s < 86400) return s / 3600 + " h" + (s / 60 % 60 != 0 ? " " + s / 60 % 60 + " min" : "");
    return s / 86400 + " d" + (s / 3600 % 24 != 0 ? " " + s / 3600 % 24 + " h" : "");
  }

  /** The time of day if it was today, otherwise with the date. Empty for 0. */
  public static String moment(long ms) {
    if (ms <= 0) return "";
    var local = Instant.ofEpochMilli(ms).atZone(ZoneId.systemDefault());
    return (local.toLocalDate().equals(LocalDate.now(local.getZone())) ? TIME : DAY).format(local);
  }

  /** The exact instant, for a tooltip. */
  public static String exactly(long ms) {
    return ms <= 0 ? "" : EXACT.format(Instant.ofEpochMilli(ms).atZone(ZoneId.systemDefault()));
  }

  /** "1 disk", "3 disks". */
  public static String count(int n, String one) {
    return n + " " + one + (n == 1 ? "" : "s");
  }

  /** "1,234.5" and the like, without a unit. */
  public static String number(double value) {
    if (value >= 100 || value == Math.rint(value)) return String.format(Locale.ROOT, "%,.0f", value);
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  /** A clause of the server's as a sentence. */
  public static String sentence(String clause) {
    if (clause == null || clause.isEmpty()) return "";
    String s = Character.toUpperCase(clause.charAt(0)) + clause.substring(1);
    return s.endsWith(".") ? s : s + ".";
  }
}
