package sluice.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import sluice.api.SluiceException;
import sluice.cli.output.ProgressLine;
import sluice.cli.output.Table;

/**
 * Measures rows round by round, and says each as soon as it is there. What fails is noted and left out from then on; the
 * rest goes on, so that a part that fails at the end does not cost what was measured before.
 */
final class Rounds {
  /** Measures one contestant in one row. */
  interface Runner {
    Sample run(Row row, Contestant contestant, int seconds);
  }

  /** Processor time of a run by that of the one before it from which on it is taken for warm. */
  static final double WARM = 0.95;
  static final int MOST_WARMING = 8;

  private final Function<Row, List<Contestant>> fields;
  private final Runner runner;
  private final ProgressLine line;
  private final Results results = new Results();
  private final List<String> failures = new ArrayList<>();
  private final Set<String> out = new HashSet<>();

  /** @param fields who takes part in a row, Sluice first */
  Rounds(Function<Row, List<Contestant>> fields, Runner runner, ProgressLine line) {
    this.fields = fields;
    this.runner = runner;
    this.line = line;
  }

  Results results() {
    return results;
  }

  /** What could not be measured, and why; a sentence each. */
  List<String> failures() {
    return failures;
  }

  /**
   * Sluice alone, its figures thrown away: each row until a run takes hardly less processor time for a request than the one before it.
   * A Java program compiles itself while it runs; that goes on for longer than any fixed time would do on a slow machine, and is nothing
   * that a program pays which serves for days.
   */
  void warmUp(List<Row> rows, int seconds) {
    for (Row row : rows) {
      Contestant own = fields.apply(row).get(0);
      double before = Double.MAX_VALUE;
      for (int i = 1; i <= MOST_WARMING; i++) {
        line.show("warming up, " + row.id() + ", " + i);
        Sample sample = run(row, own, seconds);
        if (sample == null || sample.cpuMicros() > WARM * before) break;
        before = sample.cpuMicros();
      }
    }
  }

  void measure(List<Row> rows, int rounds, int seconds) {
    for (int round = 1; round <= rounds; round++) {
      for (Row row : rows) {
        List<String> said = new ArrayList<>();
        // Each is first in turn: who comes after another one finds the machine as that one left it.
        List<Contestant> turn = new ArrayList<>(fields.apply(row));
        Collections.rotate(turn, 1 - round);
        for (Contestant c : turn) {
          line.show("round " + round + " of " + rounds + ", " + row.id() + ", " + c.name());
          Sample sample = run(row, c, seconds);
          if (sample == null) continue;
          results.add(row, c.name(), sample);
          said.add(c.name() + String.format(Locale.ROOT, " %,.0f/s in %,.1f us", sample.perSecond(), sample.meanMicros()));
        }
        if (!said.isEmpty()) line.say("round " + round + " of " + rounds + ", " + row.id() + ": " + String.join("; ", said));
      }
    }
  }

  /** Null if it failed, now or before: later rounds of it would be held against other rounds of its peers. */
  private Sample run(Row row, Contestant c, int seconds) {
    String which = row.id() + ", " + c.name();
    if (out.contains(which)) return null;
    Sample[] sample = {null};
    if (!attempt(which, () -> sample[0] = runner.run(row, c, seconds))) out.add(which);
    return sample[0];
  }

  /** Does a part of the whole; false if it failed, which is noted. */
  boolean attempt(String part, Runnable work) {
    try {
      work.run();
      return true;
    } catch (SluiceException e) {
      // Told to stop: no part failed, and none shall follow.
      if (Thread.currentThread().isInterrupted()) throw e;
      String why = Table.printable(part + ": " + e.what() + (e.why().isEmpty() ? "" : ": " + e.why()));
      failures.add(why);
      line.say("failed: " + why);
      return false;
    }
  }
}
