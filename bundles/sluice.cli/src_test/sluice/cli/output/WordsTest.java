package sluice.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.api.ErrorCode;
import sluice.api.SluiceException;
import sluice.protocol.Problems;
import sluice.protocol.v1.Candidate;
import sluice.protocol.v1.Problem;
import sluice.protocol.v1.Progress;

class WordsTest {
  @Test
  void nearNamesAreFoundByASlipASwapOrABeginning() {
    List<String> known = List.of("volume1", "backup", "gold", "database");
    assertEquals(List.of("gold"), Near.to("glod", known));
    assertEquals(List.of("gold"), Near.to("Gold", known));
    assertEquals(List.of("volume1"), Near.to("volme1", known));
    assertEquals(List.of("database"), Near.to("data", known));
    assertEquals(List.of(), Near.to("xyz", known));
  }

  @Test
  void atMostThreeNamesAreSuggested() {
    assertEquals(3, Near.to("v1", List.of("v2", "v3", "v4", "v5")).size());
  }

  @Test
  void anUnknownNameSaysWhereAllAre() {
    SluiceException e = assertThrows(SluiceException.class, () -> Near.require("pool", "xyz", List.of("gold")));
    assertEquals(ErrorCode.NOT_FOUND, e.code());
    assertEquals("'sluice pool list' shows all", e.correction());
  }

  @Test
  void durationsHaveTheTwoLargestUnits() {
    assertEquals("0 s", Moments.duration(-5));
    assertEquals("59 s", Moments.duration(59_999));
    assertEquals("1 min", Moments.duration(60_000));
    assertEquals("1 h 1 min", Moments.duration(3_661_000));
    assertEquals("2 d 3 h", Moments.duration(51L * 3_600_000));
  }

  @Test
  void momentsAreInUtcAndAnUnknownOneIsNothing() {
    assertEquals("2026-11-22 14:03:07Z", Moments.at(1_795_356_187_999L));
    assertEquals("", Moments.at(0));
    assertEquals("", Moments.ago(0, 1000));
  }

  @Test
  void anErrorSaysWhatWhyAndWhatToDoAndTheDisksThatWereLookedAt() {
    Problem problem = Problem.newBuilder().setCode(Problem.Code.NO_SPACE).setWhat("no room").setWhy("the pool is full").setCorrection("add disks")
        .addCandidates(Candidate.newBuilder().setDiskName("d1").setReason("12 GiB free of 40 GiB needed")).build();
    StringWriter err = new StringWriter();
    ErrorText.print(new PrintWriter(err), Problems.exception(problem));
    assertEquals("sluice: no room: the pool is full\n  disk d1: 12 GiB free of 40 GiB needed\n  add disks\n", err.toString().replace(System.lineSeparator(), "\n"));
  }

  @Test
  void anErrorForScriptsHasItsCodeAndCandidates() {
    Problem problem = Problem.newBuilder().setCode(Problem.Code.NO_SPACE).setWhat("no room").addCandidates(Candidate.newBuilder().setDiskName("d1")).build();
    StringWriter err = new StringWriter();
    ErrorText.printJson(new PrintWriter(err), Problems.exception(problem));
    assertTrue(err.toString().contains("\"code\": \"NO_SPACE\""), err.toString());
    assertTrue(err.toString().contains("\"exit_code\": 6"), err.toString());
    assertTrue(err.toString().contains("\"disk_name\": \"d1\""), err.toString());
  }

  @Test
  void progressNeverPassesAHundredPercent() {
    assertEquals("copying 100 %", ProgressLine.text(Progress.newBuilder().setText("copying").setDone(12).setTotal(10).build()));
    assertEquals("copying", ProgressLine.text(Progress.newBuilder().setText("copying").setDone(12).build()));
  }

  @Test
  void progressIsSilentWithoutATerminal() {
    StringWriter err = new StringWriter();
    new ProgressLine(new PrintWriter(err), false, "waiting").close();
    assertFalse(err.toString().contains("waiting"));
  }
}
