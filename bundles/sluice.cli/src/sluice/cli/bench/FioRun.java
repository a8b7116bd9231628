package sluice.cli.bench;

import java.util.ArrayList;
import java.util.List;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;

/** One run of fio with its nbd engine, and what it reports. */
final class FioRun {
  /** Places in fio's terse output, version 3 (HOWTO, "Terse output"); those of writes come 41 later. */
  private static final int ERROR = 4;
  private static final int RATE = 7;
  private static final int RUNTIME_MS = 8;
  private static final int MEAN_MICROS = 39;
  private static final int TO_WRITES = 41;

  private FioRun() {}

  /**
   * @param offset where on the export to work, bytes
   * @param size how much of it to use, bytes
   */
  static List<String> command(Row row, String uri, long offset, long size, int seconds) {
    return List.of("fio", "--name=bench", "--ioengine=nbd", "--uri=" + uri, "--rw=" + row.operation(), "--bs=" + row.blockBytes(),
        "--iodepth=" + row.depth(), "--offset=" + offset, "--size=" + size, "--time_based", "--runtime=" + seconds, "--ramp_time=1",
        "--norandommap", "--randrepeat=0", "--output-format=terse", "--terse-version=3");
  }

  /** Runs it and measures the serving processes beside it. */
  static Sample run(Row row, Contestant contestant, long size, int seconds) {
    List<String> command = new ArrayList<>();
    if (row.oneCore()) command.addAll(List.of("taskset", "-c", othersOf(Runtime.getRuntime().availableProcessors())));
    command.addAll(command(row, contestant.uri(), contestant.offset(), size, seconds));
    if (row.oneCore()) pin(contestant, "0");
    try {
      long before = CpuClock.micros(contestant.pids());
      String out = Tool.run(command, seconds + 60);
      return parse(row, out, CpuClock.micros(contestant.pids()) - before);
    } finally {
      if (row.oneCore()) pin(contestant, "0-" + (Runtime.getRuntime().availableProcessors() - 1));
    }
  }

  /** fio must not take the processor that is measured, if there is another one. */
  private static String othersOf(int processors) {
    return processors == 1 ? "0" : "1-" + (processors - 1);
  }

  private static void pin(Contestant contestant, String processors) {
    for (long pid : contestant.pids()) Tool.run(List.of("taskset", "-a", "-p", "-c", processors, Long.toString(pid)), 10);
  }

  /** @param cpuMicros over the whole run, the second of ramp included */
  static Sample parse(Row row, String out, long cpuMicros) {
    String line = out.lines().filter(l -> l.startsWith("3;")).findFirst().orElse("");
    String[] fields = line.split(";");
    if (fields.length < MEAN_MICROS + TO_WRITES + 1 || !fields[ERROR].equals("0")) {
      throw new SluiceException(ErrorCode.IO, "fio did not end well in row " + row.id(), out.strip(), "run it by hand to see more: " + row.title());
    }
    int shift = row.reads() ? 0 : TO_WRITES;
    double rate = Double.parseDouble(fields[RATE + shift]);
    double measured = Double.parseDouble(fields[RUNTIME_MS + shift]) / 1000;
    // The ramp second is not in fio's figures but in the processes' time: as many requests are taken for it.
    double requests = rate * (measured + 1);
    return new Sample(rate, Double.parseDouble(fields[MEAN_MICROS + shift]), requests == 0 ? Double.NaN : cpuMicros / requests);
  }
}
