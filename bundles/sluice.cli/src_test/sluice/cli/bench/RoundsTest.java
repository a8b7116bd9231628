package sluice.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.cli.output.Json;
import sluice.cli.output.ProgressLine;

/** A part that fails costs itself only. */
class RoundsTest {
  private static final List<Row> ROWS = Row.ALL.subList(0, 2);
  private static final Machine MACHINE = new Machine("cpu", 2, "8 GB", "Linux", "17", "ext4");

  private final StringWriter err = new StringWriter();
  private final List<String> ran = new ArrayList<>();
  private final ArrayDeque<Double> cpu = new ArrayDeque<>();
  private String failing = "";
  private final Rounds rounds = new Rounds(row -> List.of(new Named(Results.OWN), new Named("qemu-nbd")), this::run,
      new ProgressLine(new PrintWriter(err), false, ""));

  private record Named(String name) implements Contestant {
    @Override
    public String uri() {
      return "";
    }

    @Override
    public long offset() {
      return 0;
    }

    @Override
    public List<Long> pids() {
      return List.of();
    }
  }

  private Sample run(Row row, Contestant c, int seconds) {
    String which = row.id() + ", " + c.name();
    ran.add(which);
    if (which.equals(failing)) throw new SluiceException(ErrorCode.IO, "fio did not end well", "no such engine", "");
    return new Sample(c.name().equals(Results.OWN) ? 1500 : 1000, 10, cpu.isEmpty() ? 4 : cpu.poll());
  }

  @Test
  void everyRowIsSaidAsSoonAsItIsMeasured() {
    rounds.measure(ROWS, 1, 1);
    assertEquals(List.of("round 1 of 1, direct-read-32: sluice 1,500/s in 10.0 us; qemu-nbd 1,000/s in 10.0 us",
        "round 1 of 1, direct-write-32: sluice 1,500/s in 10.0 us; qemu-nbd 1,000/s in 10.0 us"), err.toString().lines().toList());
  }

  @Test
  void itIsWarmWhenARunTakesNoLessTimeThanTheOneBefore() {
    cpu.addAll(List.of(40.0, 20.0, 10.0, 9.8));
    rounds.warmUp(ROWS.subList(0, 1), 1);
    assertEquals(Collections.nCopies(4, "direct-read-32, sluice"), ran);
    assertTrue(rounds.results().rows().isEmpty());
  }

  @Test
  void warmingUpEnds() {
    for (int i = 0; i < 20; i++) cpu.add(Math.pow(2, -i));
    rounds.warmUp(ROWS.subList(0, 1), 1);
    assertEquals(Rounds.MOST_WARMING, ran.size());
  }

  @Test
  void eachIsFirstInTurn() {
    rounds.measure(ROWS.subList(0, 1), 3, 1);
    assertEquals(List.of("direct-read-32, sluice", "direct-read-32, qemu-nbd", "direct-read-32, qemu-nbd", "direct-read-32, sluice",
        "direct-read-32, sluice", "direct-read-32, qemu-nbd"), ran);
  }

  @Test
  void whatFailsIsLeftOutFromThenOnAndTheRestIsMeasured() {
    failing = "direct-read-32, qemu-nbd";
    rounds.measure(ROWS, 3, 1);
    assertEquals(1, ran.stream().filter(failing::equals).count());
    assertEquals(3, ran.stream().filter("direct-read-32, sluice"::equals).count());
    assertEquals(3, ran.stream().filter("direct-write-32, qemu-nbd"::equals).count());
    assertEquals(1.5, rounds.results().ratio(ROWS.get(1)), 1e-9);
    assertEquals(List.of("direct-read-32, qemu-nbd: fio did not end well: no such engine"), rounds.failures());
  }

  @Test
  void theReportHasWhatWasMeasuredAndSaysWhatWasNot() {
    rounds.measure(ROWS, 1, 1);
    assertFalse(rounds.attempt("redirect", () -> {
      throw new SluiceException(ErrorCode.TIMEOUT, "requests were not answered", "", "");
    }));
    BenchReport report = new BenchReport(rounds.results(), List.of(), rounds.failures(), MACHINE, "1 round.");
    assertFalse(report.whole());
    StringWriter out = new StringWriter();
    report.print(new PrintWriter(out));
    for (String text : List.of(out.toString(), report.markdown())) {
      assertTrue(text.contains("1,500") && text.contains("NOT MEASURED: redirect: requests were not answered"), text);
    }
    assertTrue(Json.write(report.tree()).contains("redirect: requests were not answered"));
  }

  @Test
  void beingToldToStopIsNoFailedPart() {
    try {
      assertThrows(SluiceException.class, () -> rounds.attempt("redirect", () -> {
        Thread.currentThread().interrupt();
        throw new SluiceException(ErrorCode.CONFLICT, "interrupted", "", "");
      }));
    } finally {
      Thread.interrupted();
    }
    assertTrue(rounds.failures().isEmpty());
  }
}
