package sluice.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sluice.api.ByteSize;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.OutputCommand;
import sluice.cli.output.Near;
import sluice.cli.output.ProgressLine;

/** Measures Sluice against other NBD servers. */
@Command(
    name = "bench",
    description = {
      "Hold attached volumes against nbdkit, qemu-nbd, qemu-storage-daemon, nbd-server and qemu's quorum on the same files, with fio.",
      "Starts and ends all it needs; takes about half an hour, with --quick ten minutes. Let the machine do nothing else meanwhile."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice bench --quick",
      "  sluice bench --rows direct-read-32,mirror-write-32",
      "  sluice bench --write docs/benchmarks.md"
    })
public final class BenchCommand extends OutputCommand {
  private static final double MEMORY_MIB = 256;
  private static final double REDIRECT_MS = 10;
  /** What can be chosen beside the rows. */
  private static final String REDIRECT = "redirect";
  private static final String MEMORY = "memory";
  private static final int WARM_SECONDS = 4;

  @Option(names = "--quick", description = "Shorter runs and fewer rounds; coarser figures.")
  boolean quick;

  @Option(names = "--rows", split = ",", paramLabel = "ROW", description = "Only these rows; also redirect and memory. Default: all.")
  List<String> rows;

  @Option(names = "--size", paramLabel = "SIZE", defaultValue = "1G", description = "Size of each volume; up to six times of it is needed on the disk. Default: ${DEFAULT-VALUE}.")
  ByteSize size;

  @Option(names = "--dir", paramLabel = "DIR", description = "An empty folder with a short name, on the disk to measure. Default: a new one, removed at the end.")
  Path dir;

  @Option(names = "--write", paramLabel = "FILE", description = "Write the results to this file as Markdown.")
  Path write;

  @Override
  public Integer call() {
    List<Row> chosen = chosen();
    Tool.requireAll(context().environment().getOrDefault("PATH", "/usr/bin:/bin:/usr/sbin"));
    int rounds = quick ? 3 : 5;
    Duration run = Duration.ofSeconds(quick ? 2 : 6);
    Path folder = folder();
    BenchReport report;
    String loadBefore = Machine.load();
    try (ProgressLine line = new ProgressLine(context().err(), context().terminal(), "filling the disks");
        SluiceUnderTest own = new SluiceUnderTest(context(), folder, size.bytes());
        Peers peers = new Peers(folder)) {
      own.start();
      Map<Row.Field, List<Contestant>> fields = contestants(chosen, own, peers);
      Rounds measured = new Rounds(row -> fields.get(row.field()),
          (row, contestant, seconds) -> FioRun.run(row, contestant, size.bytes(), seconds), line);
      measured.warmUp(chosen, WARM_SECONDS);
      measured.measure(chosen, rounds, (int) run.toSeconds());
      List<BenchReport.Measure> measures = measures(own, measured, line);
      report = new BenchReport(measured.results(), measures, measured.failures(), Machine.of(folder),
          rounds + " rounds of " + run.toSeconds() + " s for each server of each row, interleaved; volumes of " + size + ". Before them, unmeasured, Sluice ran each row for "
              + WARM_SECONDS + " s at a time until that took it no less processor time than before, " + Rounds.MOST_WARMING + " times at most, since a Java program is slow at first. Load average of the machine before: " + loadBefore + ", at the end: "
              + Machine.load() + " (the benchmark alone makes about 2).");
    } finally {
      if (dir == null) remove(folder);
    }
    show(report::tree, () -> report.print(context().out()));
    if (write != null) save(report);
    return report.whole() ? 0 : ErrorCode.IO.exitCode();
  }

  private List<Row> chosen() {
    if (rows == null) return Row.ALL;
    List<String> known = new ArrayList<>(Row.ALL.stream().map(Row::id).toList());
    known.addAll(List.of(REDIRECT, MEMORY));
    for (String id : rows) {
      if (!known.contains(id)) {
        throw new SluiceException(ErrorCode.INVALID_ARGUMENT, "there is no row '" + id + "'", "", Near.question(id, known, "rows are " + String.join(", ", known)));
      }
    }
    return Row.ALL.stream().filter(r -> rows.contains(r.id())).toList();
  }

  /** Who takes part in which kind of row, Sluice first; only what the chosen rows need is made. */
  private static Map<Row.Field, List<Contestant>> contestants(List<Row> chosen, SluiceUnderTest own, Peers peers) {
    Map<Row.Field, List<Contestant>> all = new EnumMap<>(Row.Field.class);
    for (Row row : chosen) all.computeIfAbsent(row.field(), field -> contestants(field, own, peers));
    return all;
  }

  private static List<Contestant> contestants(Row.Field field, SluiceUnderTest own, Peers peers) {
    if (field == Row.Field.SERVER) {
      Contestant direct = own.direct("sluice, direct route");
      return List.of(own.viaServer(Results.OWN), direct);
    }
    Contestant first = switch (field) {
      case CACHE -> own.cached(Results.OWN);
      case MIRROR -> own.mirrored(Results.OWN);
      default -> own.direct(Results.OWN);
    };
    List<FileExtent> legs = SluiceUnderTest.legs(first);
    List<Contestant> all = new ArrayList<>(List.of(first));
    all.addAll(switch (field) {
      case CACHE -> peers.cached(legs.get(0));
      case MIRROR -> peers.mirrored(legs);
      default -> peers.direct(legs.get(0));
    });
    return all;
  }

  private List<BenchReport.Measure> measures(SluiceUnderTest own, Rounds measured, ProgressLine line) {
    List<BenchReport.Measure> measures = new ArrayList<>();
    if (rows == null || rows.contains(REDIRECT)) {
      line.show("redirecting");
      measured.attempt(REDIRECT, () -> {
        double[] redirected = own.redirectedMs(quick ? 5 : 20);
        add(measures, new BenchReport.Measure("hard error to rerouted completion, 99th percentile of " + redirected.length
            + " requests that met one, 32 in flight", Results.quantile(redirected, 0.99), "ms", REDIRECT_MS), line);
        add(measures, new BenchReport.Measure("the same, median", Results.median(redirected), "ms", REDIRECT_MS), line);
      });
    }
    if (rows == null || rows.contains(MEMORY)) {
      line.show("attaching 64 volumes");
      measured.attempt(MEMORY, () -> add(measures,
          new BenchReport.Measure("agent's resident memory with 64 volumes attached", own.residentKib() / 1024.0, "MiB", MEMORY_MIB), line));
    }
    return measures;
  }

  private static void add(List<BenchReport.Measure> measures, BenchReport.Measure measure, ProgressLine line) {
    measures.add(measure);
    line.say(measure.sentence());
  }

  private Path folder() {
    try {
      Path folder = dir == null ? Files.createTempDirectory(Path.of("/var/tmp"), "sluice-bench") : Files.createDirectories(dir).toRealPath();
      try (Stream<Path> content = Files.list(folder)) {
        if (content.findAny().isEmpty()) return folder;
      }
      throw new SluiceException(ErrorCode.CONFLICT, "the folder " + folder + " is not empty", "the benchmark makes everything anew", "name an empty or new folder with --dir");
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, "the benchmark's folder cannot be made", e.toString(), "name one that can be written with --dir", List.of());
    }
  }

  private void save(BenchReport report) {
    try {
      Files.writeString(write, report.markdown());
    } catch (IOException e) {
      throw new SluiceException(e, ErrorCode.IO, write + " cannot be written", e.toString(), "the results are above; name another file", List.of());
    }
  }

  private void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(p);
    } catch (IOException e) {
      context().err().println("The folder " + folder + " could not be removed: " + e.getMessage());
    }
  }
}
