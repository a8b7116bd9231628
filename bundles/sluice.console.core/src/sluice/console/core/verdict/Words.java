package sluice.console.core.verdict;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sluice.protocol.v1.Task;
import sluice.protocol.v1.TaskStatus;

/** Numbers and times as people read them. Pure. */
public final class Words {
  private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH);

  private Words() {}

  /** "350 ms", "20 s", "4 min", "2 h 10 min", "3 d 4 h". */
  public static String duration(long ms) {
    if (ms < 1000) return ms + " ms";
    long s = (ms + 500) / 1000;
    if (s < 90) return s + " s";
    long min = (s + 30) / 60;
    if (min < 90) return min + " min";
    long h = min / 60;
    if (h < 48) return h + " h" + (min % 60 == 0 ? "" : " " + min % 60 + " min");
    return h / 24 + " d" + (h % 24 == 0 ? "" : " " + h % 24 + " h");
  }

  /** The time of day if it is of the same day as now, else with the day. */
  public static String moment(long ms, long nowMs, ZoneId zone) {
    ZonedDateTime then = Instant.ofEpochMilli(ms).atZone(zone);
    ZonedDateTime now = Instant.ofEpochMilli(nowMs).atZone(zone);
    return then.toLocalDate().equals(now.toLocalDate()) ? SHORT.format(then) : DAY.format(then);
  }

  /** Done of all, from 0 to 100; 100 only when it has ended. Empty if all is not known. */
  public static Optional<Double> percent(Task t, TaskStatus s) {
    if (t.getState() == Task.State.DONE) return Optional.of(100.0);
    if (s.getTotalBytes() <= 0) return Optional.empty();
    return Optional.of(Math.min(99.9, Math.floor(1000.0 * s.getDoneBytes() / s.getTotalBytes()) / 10));
  }

  /** "61 %". */
  public static String percentWord(double percent) {
    return (percent >= 100 ? 100 : (int) percent) + " %";
  }

  /** "1 copy", "2 copies". */
  public static String count(long n, String one, String many) {
    return n + " " + (n == 1 ? one : many);
  }

  /** "a", "a and b", "a, b and 4 more". */
  public static String list(List<String> names) {
    if (names.size() <= 1) return String.join("", names);
    if (names.size() > 3) return String.join(", ", names.subList(0, 2)) + " and " + (names.size() - 2) + " more";
    return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
  }
}
