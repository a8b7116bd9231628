package sluice.cli.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class LaunchReportTest {
  private final LaunchReport report = new LaunchReport();

  @Test
  void readyIsNoError() {
    report.accept("ready", "the server is ready");
    assertEquals(new LaunchReport.Outcome(0, "the server is ready"), report.outcome().join());
  }

  @Test
  void aFailureCarriesItsExitCode() {
    report.accept("failed:5", "the port is taken");
    assertEquals(new LaunchReport.Outcome(5, "the port is taken"), report.outcome().join());
  }

  @Test
  void theFirstReportCounts() {
    report.accept("failed:5", "no");
    report.accept("ready", "yes");
    assertEquals(5, report.outcome().join().exitCode());
  }

  @Test
  void aFailureNeverLooksLikeSuccess() {
    report.accept("failed:0", "odd");
    assertEquals(1, report.outcome().join().exitCode());
  }

  @Test
  void aProgramThatHadStartedMayEndWithAFailure() {
    report.accept("ready", "yes");
    assertEquals(0, report.end().exitCode());
    report.accept("failed:7", "refused");
    assertEquals(0, report.outcome().join().exitCode(), "it had started");
    assertEquals(new LaunchReport.Outcome(7, "refused"), report.end());
  }

  @Test
  void anUnknownWordIsNoReport() {
    report.accept("hello", "");
    assertFalse(report.outcome().isDone());
  }
}
