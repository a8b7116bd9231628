package sluice.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.SluiceException;
import sluice.cli.output.Json;

class ResultsTest {
  private static final Row ROW = Row.ALL.get(0);
  private final Results results = new Results();

  private void round(double own, double qemu, double nbdkit) {
    results.add(ROW, Results.OWN, new Sample(own, 10, 4));
    results.add(ROW, "qemu-nbd", new Sample(qemu, 10, 8));
    results.add(ROW, "nbdkit", new Sample(nbdkit, 10, 16));
  }

  @Test
  void mediansIgnoreASingleOddRound() {
    assertEquals(2, Results.median(new double[] {100, 1, 2}));
    assertEquals(1.5, Results.median(new double[] {1, 2}));
    assertTrue(Double.isNaN(Results.median(new double[0])));
  }

  @Test
  void aPercentileIsAValueThatWasMeasured() {
    double[] values = new double[200];
    for (int i = 0; i < values.length; i++) values[i] = values.length - i;
    assertEquals(198, Results.quantile(values, 0.99));
    assertEquals(1, Results.quantile(values, 0));
    assertTrue(Double.isNaN(Results.quantile(new double[0], 0.99)));
  }

  @Test
  void theRatioIsToTheBestPeerOfTheSameRoundSoThatDriftCancels() {
    round(130, 100, 50);
    round(65, 50, 25);
    round(260, 200, 300);
    assertEquals("qemu-nbd", results.bestPeer(ROW));
    assertEquals(1.3, results.ratio(ROW), 1e-9);
    assertEquals(0.5, results.cpuRatio(ROW, "qemu-nbd"), 1e-9);
  }

  @Test
  void aMedianOfRoundsThatDisagreeShowsIt() {
    round(100, 100, 50);
    round(300, 100, 50);
    round(150, 100, 50);
    BenchReport report = new BenchReport(results, List.of(), List.of(), new Machine("cpu", 2, "8 GB", "Linux", "17", "ext4"), "3 rounds.");
    assertTrue(report.markdown().contains("| 1.50 (1.00–3.00) |"), report.markdown());
    assertTrue(Json.write(report.tree()).replaceAll("\\s", "").contains("\"ratios\":[1.0,3.0,1.5]"), Json.write(report.tree()));
  }

  @Test
  void qemusMirrorIsOnTheVeryPiecesOfTheDisksThatTheLegsLieOn() {
    String options = Peers.quorum(List.of(new FileExtent(Path.of("/a"), 4096, 8192), new FileExtent(Path.of("/b"), 12288, 8192)));
    assertTrue(options.startsWith("driver=quorum,vote-threshold=1,read-pattern=fifo,"), options);
    assertTrue(options.contains("children.0.driver=raw,children.0.offset=4096,children.0.size=8192,"), options);
    assertTrue(options.contains("children.1.offset=12288,") && options.contains("children.1.file.filename=/b"), options);
  }

  @Test
  void theReportNamesWhatWasNotReached() {
    round(100, 100, 50);
    BenchReport report = new BenchReport(results, List.of(new BenchReport.Measure("memory", 300, "MiB", 256)), List.of(), new Machine("cpu", 2, "8 GB", "Linux", "17", "ext4"), "1 round.");
    StringWriter out = new StringWriter();
    report.print(new PrintWriter(out));
    assertTrue(out.toString().contains("≥ 1.25 NOT MET"), out.toString());
    assertTrue(out.toString().contains("memory: 300.0 MiB, goal ≤ 256 MiB NOT MET"), out.toString());
    assertTrue(report.markdown().contains("| 0.50 | ≤ 0.50 met |"), report.markdown());
    assertTrue(report.markdown().contains("| qemu-nbd * |"), report.markdown());
    assertTrue(Json.write(report.tree()).contains("\"ratio\": 1.0"));
  }

  @Test
  void fiosTerseLineIsRead() {
    List<String> fields = new ArrayList<>(Collections.nCopies(130, "0"));
    fields.set(0, "3");
    fields.set(7, "50000");
    fields.set(8, "4000");
    fields.set(39, "600.5");
    Sample s = FioRun.parse(ROW, "warning\n" + String.join(";", fields), 1_000_000);
    assertEquals(50000, s.perSecond());
    assertEquals(600.5, s.meanMicros());
    assertEquals(4, s.cpuMicros(), 1e-9);
  }

  @Test
  void aRunWithAnErrorIsNoResult() {
    List<String> fields = new ArrayList<>(Collections.nCopies(130, "0"));
    fields.set(0, "3");
    fields.set(4, "5");
    assertThrows(SluiceException.class, () -> FioRun.parse(ROW, String.join(";", fields), 1));
    assertThrows(SluiceException.class, () -> FioRun.parse(ROW, "fio: no such engine", 1));
  }

  @Test
  void processorTimeIsReadBehindANameWithBracketsAndWithThatOfEndedChildren() {
    assertEquals(100_000, CpuClock.micros("17 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 1 2 3 4 20"));
  }

  @Test
  void missingProgramsAreNamedWithTheirPackages() {
    SluiceException e = assertThrows(SluiceException.class, () -> Tool.requireAll("/nowhere"));
    assertTrue(e.why().contains("qemu-nbd (Debian package qemu-utils)"), e.why());
  }

  @Test
  void theMachineIsReadFromTheKernelsLists() {
    assertEquals("Fast 9000", Machine.value(List.of("processor\t: 0", "model name\t: Fast 9000"), "model name"));
    assertEquals("unknown", Machine.value(List.of(), "model name"));
  }
}
