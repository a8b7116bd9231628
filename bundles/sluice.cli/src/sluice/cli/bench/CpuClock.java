package sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/**
 * Processor time that processes have used, of all their threads, in user and kernel mode (/proc/PID/stat, proc(5));
 * that of children which have ended as well, since nbd-server has one for each client.
 */
final class CpuClock {
  /** Linux reports in this unit whatever its own tick is: USER_HZ is 100 on every platform that Java 17 runs on. */
  private static final long TICK_MICROS = 10_000;
  private static final int UTIME = 11;

  private CpuClock() {}

  /** Microseconds, of the processes together. */
  static long micros(List<Long> pids) {
    long sum = 0;
    for (long pid : pids) {
      try {
        sum += micros(Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
      } catch (IOException e) {
        throw new SluiceException(ErrorCode.UNAVAILABLE, "process " + pid + " has ended while it was measured", "", "look at its output, and run the benchmark again");
      }
    }
    return sum;
  }

  /** The command's name, in brackets, may hold blanks and brackets itself: fields count from the last bracket. */
  static long micros(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long ticks = 0;
    for (int i = UTIME; i < UTIME + 4; i++) ticks += Long.parseLong(fields[i]);
    return ticks * TICK_MICROS;
  }
}
